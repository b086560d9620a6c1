// SPDX-License-Identifier: Apache-2.0
// The rows of the table.
#include "core/report/codes.h"

#include <array>

namespace railhub::report {

namespace {

constexpr std::array kCodes = {
    Code{
        "allow.denied",
        "No license in a lineage is on the deny list.",
        "'policy.deny' names licenses, families ('family:noncommercial') and terms "
        "('term:non-commercial'). Every artifact counts, not only those the project names. Replace "
        "the artifact, or write a [[policy.exceptions]] for it with a reason."},
    Code{
        "allow.not-listed",
        "Every license in a lineage is on the allow list, where there is one.",
        "With 'policy.allow' or 'policy.allow-terms' everything else is a finding: licenses that "
        "are not listed, and artifacts that state none. Add the license to the list once somebody "
        "has read it, or write a [[policy.exceptions]] for the artifact."},
    Code{
        "artifact.component",
        "Parts with a lineage of their own are named.",
        "A file of weights may hold a part that came from elsewhere, such as the n-gram decoder of "
        "a speech model. Its card speaks of the whole; look up where the part came from."},
    Code{
        "attestation.file",
        "The file an attestation rests on is there and can be read.",
        "The path is relative to railhub.toml. Without the file nothing is carried."},
    Code{
        "attestation.passage",
        "The passage an attestation quotes stands in its file.",
        "Blanks and line ends do not count, everything else does. Quote the terms as they are."},
    Code{
        "attestation.terms",
        "The terms of the project really repeat the clauses that an attestation passes on.",
        "'passes-on' is verified clause by clause in the file: the wording of the license, or "
        "words that forbid the same or more. Clauses that are absent, narrower or unclear do not "
        "count as carried; 'railhub license carried --of SET FILE' shows each with its place."},
    Code{
        "attestation.text",
        "A file that is to be the text of a license is that text.",
        "'includes' is verified by the fingerprints of license texts. Copy the text as the "
        "licensor published it; changes void it."},
    Code{
        "attestation.unknown",
        "What an attestation names is known.",
        "'passes-on' takes ids of restriction sets ('railhub license show' names the set of a "
        "license), 'includes' takes licenses, 'keeps' takes ids of use restrictions."},
    Code{
        "card.readable",
        "The README.md of what is checked can be read.",
        "A card that cannot be parsed hides what the work was made from, so it is a conflict and "
        "not passed over. 'railhub card lint' says where it is wrong."},
    Code{
        "card.use_restrictions",
        "Every entry of 'use_restrictions' is a restriction set or an id of the taxonomy.",
        "Other names carry nothing, so a slip of the pen drops a term. 'railhub license show' "
        "lists the set of a license."},
    Code{
        "lineage.source",
        "Files that say what an artifact was made from can be read.",
        "Adapter configs, merge recipes and headers of weights name base models. One that is there "
        "and cannot be read may hide a base with terms of its own, so a person looks at it. Mend "
        "or remove the file; 'railhub lineage' shows what is known."},
    Code{
        "lock.appeared",
        "What the hub did not have when the lock was written is still not there.",
        "The hub now has the artifact, so that its license can be judged. 'railhub lock "
        "--update ARTIFACT' takes it."},
    Code{
        "lock.changed-license",
        "An artifact is under the license that the lock has of it.",
        "What the card declares, or what files of the artifact say of its license, is not "
        "what it was when the lock was written. What was pulled before may stay under the old "
        "terms, what is pulled now may not. Pin the old revision, or read the new terms and "
        "accept them with 'railhub lock --update ARTIFACT'."},
    Code{
        "lock.changed-origin",
        "An artifact says that it was made from what the lock has of it.",
        "Its base models or data sets are others now, so that other terms may reach you. "
        "'railhub lineage ARTIFACT' shows them, 'railhub lock --update ARTIFACT' accepts "
        "them."},
    Code{
        "lock.changed-text",
        "The license text of an artifact is the one that the lock has the hash of.",
        "A license file was changed, added or removed. Read the difference before you go on, "
        "then accept it with 'railhub lock --update ARTIFACT'."},
    Code{
        "lock.deleted",
        "Artifacts of the lock are still on the hub.",
        "The hub has no such artifact or commit any more, or does not show it to you. Keep a "
        "copy with its license, or replace the artifact."},
    Code{
        "lock.endpoint",
        "The lock was written with answers of the hub that is asked now.",
        "Another hub may hold other artifacts under the same names. Set HF_ENDPOINT to the "
        "hub of the lock, or write it anew with 'railhub lock --update'."},
    Code{
        "lock.missing",
        "The lock has every artifact of the lineage.",
        "Something was added since the lock was written, and a locked check asks nobody. Run "
        "'railhub lock' and commit the file."},
    Code{
        "lock.moved",
        "Branches that artifacts were locked from have not moved.",
        "There is a newer commit or a new name; license, terms and origin are the same. The "
        "check goes on with what is locked, 'railhub lock --update ARTIFACT' takes the new "
        "one."},
    Code{
        "lock.stale",
        "The facts of the lock were read with the license data in use.",
        "Newer license data may recognise texts that older data did not. Run 'railhub lock "
        "--update'."},
    Code{
        "lock.unchecked",
        "The hub could be asked whether locked artifacts changed.",
        "The check itself rests on the lock and is complete; whether something changed "
        "upstream is not known this time."},
    Code{
        "lock.unused",
        "Everything in the lock is used.",
        "Neither the project nor anything it uses is made from the artifact any more. "
        "'railhub lock' drops it."},
    Code{
        "policy.clarification-stale",
        "A clarification is tied to the license text that is there now.",
        "Somebody read one text and said which license it is. The artifact now has another one, "
        "or none: read it, and update 'sha256'. Until then the clarification does not count."},
    Code{
        "policy.unknown-license",
        "Licenses, families and terms that the policy names are in the catalogue.",
        "A name that nobody knows allows or forbids nothing. 'railhub license list' has the ids."},
    Code{
        "policy.unused",
        "Exceptions, clarifications and ignored ids are of use.",
        "The artifact is no longer used, or no longer needs it. Remove the entry, so that it does "
        "not hide something later."},
    Code{
        "project.bad-value",
        "Values in railhub.toml are possible ones.",
        "The message names the nearest word that fits."},
    Code{
        "project.extends",
        "Files that railhub.toml extends can be followed to an end.",
        "A file may rest on another one, at most eight deep and never on itself."},
    Code{
        "project.license",
        "The license that railhub.toml states is the one in the LICENSE file.",
        "Two answers to one question: correct 'project.license', or the file."},
    Code{
        "project.missing-key",
        "Entries in railhub.toml are complete.",
        "docs/project-file.md lists which keys an entry needs."},
    Code{
        "project.syntax",
        "railhub.toml is TOML.",
        "The message says what the parser met. Texts stand in quotes, keys once only."},
    Code{
        "project.too-large",
        "railhub.toml is of a size that a person can have read.",
        "At most 1 MiB, 32 levels, 10,000 entries in a list and 64 KiB in a text."},
    Code{
        "project.unknown-key",
        "Keys in railhub.toml are known.",
        "An unknown key may be a slip, and a slip in a policy would let things pass."},
    Code{
        "project.wrong-kind",
        "Values in railhub.toml are of the right kind.",
        "A list where a text belongs, a number in quotes and the like; the hint shows the form."},
    Code{
        "terms.written",
        "What the card says of its use restrictions is what its terms say.",
        "A declared restriction set is a promise; the clauses have to stand in a file of terms "
        "beside it. 'railhub license attach' writes them, 'railhub license carried' shows which "
        "clauses a text has."},
    Code{
        "use.forbidden",
        "No declared purpose or audience falls under a use restriction of the lineage.",
        "Restrictions bind along the whole chain, whatever the labels between say. The clause is "
        "cited. Replace the artifact, or drop the purpose; a waiver needs the licensor's word."},
    Code{
        "use.needs-statement",
        "Where a restriction depends on how a thing is done, somebody says that it is kept.",
        "A chat product may keep 'transparency.undisclosed-ai' or break it. Write "
        "[[attestations]] with 'keeps', 'signed-by' and 'date', best with the file and passage "
        "that show it."},
    Code{
        "use.not-stated",
        "Purposes are declared where licenses restrict them.",
        "Without 'use.purposes' nobody can tell whether the restrictions of the lineage are kept. "
        "docs/project-file.md lists the purposes."},
    Code{
        "waiver.expired",
        "Waivers hold until their date.",
        "The finding counts again. Fix it, or let the owner decide anew and set a later date."},
    Code{
        "waiver.expiring",
        "Waivers that end within two weeks are named beforehand.",
        "Nobody likes a pipeline that turns red on a Monday. Fix the finding, or ask the owner."},
    Code{
        "waiver.stale",
        "A waiver is about the revision and the license text that are there now.",
        "What was accepted is no longer what is used, so the finding counts again. Look at what "
        "changed, then update 'revision' and 'license-sha256'."},
    Code{
        "waiver.unused",
        "Waivers have a finding to waive.",
        "The finding is gone: remove the waiver, so that it does not hide a later one."},
};

} // namespace

std::span<const Code> codes() {
    return kCodes;
}

} // namespace railhub::report
