// SPDX-License-Identifier: Apache-2.0
// Signatures carry the address of the account, or one made of its name.
#include "core/app/people.h"

#include <chrono>

namespace railhub::app {

namespace {

constexpr std::string_view kNoReply = "@users.noreply.railhub";

} // namespace

repo::Signature signature_of(const access::Identity& who, util::TimePoint now) {
    repo::Signature signature;
    signature.name = who.user;
    signature.email = who.email.empty() ? who.user + std::string(kNoReply) : who.email;
    signature.seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    return signature;
}

util::Result<std::string> author_name(db::Transaction& tx, const repo::Signature& signature) {
    if (signature.email.ends_with(kNoReply)) {
        const auto user = signature.email.substr(0, signature.email.size() - kNoReply.size());
        RAILHUB_TRY(const auto account, access::find_account(tx, user));
        return account ? account->name : user;
    }
    RAILHUB_TRY(const auto account, access::find_user_by_email(tx, signature.email));
    return account ? account->name : signature.name;
}

} // namespace railhub::app
