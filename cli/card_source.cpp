// SPDX-License-Identifier: Apache-2.0
// Reading README files from disk and hub.
#include "cli/card_source.h"

#include "cli/connect.h"

namespace railhub::cli {

namespace {

constexpr std::uint64_t kMaxReadme = std::uint64_t{8} << 20;

} // namespace

OperandSpec card_operand() {
    return {
        "SOURCE",
        Need::Optional,
        "Folder, README file or repository; the current folder when left out"};
}

util::Result<CardText> read_card(Shell& shell, const Args& args) {
    const std::string source = args.has("SOURCE") ? args.text("SOURCE") : ".";
    RAILHUB_TRY(const auto info, shell.fs.info(source));
    CardText card;
    const std::string type = args.text("type");
    RAILHUB_TRY(card.kind, types::parse_kind(type.empty() ? "model" : type));
    if (info) {
        card.label = info->is_directory ? util::join_path(source, "README.md") : source;
        RAILHUB_TRY(card.readme, util::read_file(shell.fs, card.label, kMaxReadme));
        return card;
    }
    RAILHUB_TRY(const RepoSpec spec, parse_repo(source, type));
    RAILHUB_TRY(const std::string revision, choose_revision(spec, args, "main"));
    RAILHUB_TRY(const auto connection, connect(shell));
    card.label = spec.id.full_name() + "@" + revision;
    card.kind = spec.id.kind;
    RAILHUB_TRY(
        card.readme, connection->hub.text(shell.ctx, spec.id, revision, "README.md", kMaxReadme)
    );
    return card;
}

} // namespace railhub::cli
