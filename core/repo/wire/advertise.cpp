// SPDX-License-Identifier: Apache-2.0
// Ref and capability advertisement.
#include "core/repo/wire/advertise.h"

#include "core/util/text.h"
#include "core/util/version.h"

namespace railhub::repo::wire {

namespace {

constexpr std::string_view kUploadCapabilities =
    "multi_ack multi_ack_detailed no-done thin-pack side-band side-band-64k ofs-delta shallow "
    "deepen-since deepen-not deepen-relative no-progress include-tag allow-tip-sha1-in-want "
    "allow-reachable-sha1-in-want filter object-format=sha1";
constexpr std::string_view kReceiveCapabilities =
    "report-status report-status-v2 delete-refs side-band-64k quiet atomic ofs-delta "
    "object-format=sha1";

std::string agent() {
    return "agent=railhub/" + std::string(util::kVersion);
}

struct Advertised {
    std::string oid;
    std::string name;
};

// HEAD first (upload-pack), refs by name, each annotated tag followed by what it points to.
std::vector<Advertised>
advertised_refs(Service service, const std::vector<Ref>& refs, std::string_view head) {
    std::vector<Advertised> lines;
    for (const Ref& ref : refs) {
        if (service == Service::UploadPack && ref.name == head) {
            lines.insert(lines.begin(), {ref.target.hex(), "HEAD"});
        }
        lines.push_back({ref.target.hex(), ref.name});
        if (service == Service::UploadPack && ref.peeled != ref.target) {
            lines.push_back({ref.peeled.hex(), ref.name + "^{}"});
        }
    }
    if (lines.empty()) {
        lines.push_back({std::string(40, '0'), "capabilities^{}"});
    }
    return lines;
}

util::Result<> advertise_v2(PacketWriter& packets) {
    RAILHUB_TRY(packets.data("version 2\n"));
    RAILHUB_TRY(packets.data(agent() + "\n"));
    RAILHUB_TRY(packets.data("ls-refs=unborn\n"));
    RAILHUB_TRY(packets.data("fetch=shallow wait-for-done filter\n"));
    RAILHUB_TRY(packets.data("server-option\n"));
    RAILHUB_TRY(packets.data("object-format=sha1\n"));
    return packets.flush();
}

} // namespace

std::string_view service_word(Service service) {
    return service == Service::UploadPack ? "git-upload-pack" : "git-receive-pack";
}

Version parse_version(std::string_view git_protocol_header) {
    Version found = Version::V0;
    for (const std::string_view part : util::split(git_protocol_header, ':')) {
        if (util::trim(part) == "version=2") {
            found = Version::V2;
        } else if (util::trim(part) == "version=1" && found == Version::V0) {
            found = Version::V1;
        }
    }
    return found;
}

std::string capabilities(Service service, std::string_view head_target) {
    if (service == Service::ReceivePack) {
        return std::string(kReceiveCapabilities) + " " + agent();
    }
    const std::string symref =
        head_target.empty() ? "" : " symref=HEAD:" + std::string(head_target);
    return std::string(kUploadCapabilities) + symref + " " + agent();
}

util::Result<>
advertise(Repository& repository, Service service, Version version, util::Writer& to) {
    PacketWriter packets(to);
    RAILHUB_TRY(packets.data("# service=" + std::string(service_word(service)) + "\n"));
    RAILHUB_TRY(packets.flush());
    if (service == Service::UploadPack && version == Version::V2) {
        return advertise_v2(packets);
    }
    if (version == Version::V1) {
        RAILHUB_TRY(packets.data("version 1\n"));
    }
    const std::string head = std::string(types::kHeads) + repository.record().default_branch;
    RAILHUB_TRY(const std::vector<Ref> refs, repository.refs());
    std::string tail = std::string(1, '\0') + capabilities(service, head);
    for (const Advertised& line : advertised_refs(service, refs, head)) {
        RAILHUB_TRY(packets.data(line.oid + " " + line.name + tail + "\n"));
        tail.clear();
    }
    return packets.flush();
}

} // namespace railhub::repo::wire
