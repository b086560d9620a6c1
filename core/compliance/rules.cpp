// SPDX-License-Identifier: Apache-2.0
// Rows in the order of their ids; docs/rules.md is printed from them.
#include "core/compliance/rules.h"

#include "core/compliance/rules/all.h"
#include "core/util/text.h"

#include <array>

namespace railhub::compliance {

namespace {

constexpr std::array kRules = {
    Rule{
        "R1",
        "resolve",
        "Every artifact of the lineage is found and its label is one license that the"
        " catalogue knows.",
        "without a grant copyright reserves everything",
        "A family key, 'other', 'unknown', a label that the prose contradicts, an "
        "artifact that cannot be looked up and a record that rests on secondary "
        "sources go to a person, and the other rules do not judge them. No license at"
        " all is a conflict where work is passed on. Of an SPDX expression, OR is a "
        "choice: the best of what upstream offers, the worst of what the subject "
        "offers. Policies: 'unread-record', 'unresolved-upstream'.",
        &rule::resolve,
    },
    Rule{
        "R2",
        "grant",
        "The license permits what is done: using, changing, passing on, hosting, "
        "trading, own terms.",
        "the permissions of each record",
        "No permission is a conflict; silence goes to a person, because what a "
        "license does not grant is reserved; a condition is looked up in the limits "
        "and duties of the license. Removing safety measures ends the licenses that "
        "say so.",
        &rule::grant,
    },
    Rule{
        "R3",
        "flow-down-verbatim",
        "Use restrictions that must travel with every derivative are all carried, "
        "none of them narrower.",
        "CreativeML OpenRAIL-M 4.a and 5; BLOOM RAIL 4.a and 5; Gemma Terms 3.1; "
        "Hunyuan 5.a",
        "The same license carries them by itself; another one does if its own set and"
        " what is declared in 'use_restrictions' cover each clause. What is missing "
        "is listed clause by clause. Hosting counts as passing on. Policy: "
        "'restriction-cover'.",
        &rule::flow_down_verbatim,
    },
    Rule{
        "R4",
        "flow-down-purpose",
        "Use restrictions of which a similar set will do are there, whatever their "
        "width.",
        "BigCode OpenRAIL-M 5.1",
        "Every id of the set has to be carried in any variant; an id that is absent "
        "is a conflict.",
        &rule::flow_down_purpose,
    },
    Rule{
        "R5",
        "flow-down-contract",
        "The agreement and the policy of a vendor travel with what is made from the "
        "work.",
        "Llama 1.b; Falcon 4; MiniMax 2.b",
        "Under another label the set of the policy has to be carried and the text of "
        "the agreement with it; a bare label is a conflict. Notices and credits are "
        "duties.",
        &rule::flow_down_contract,
    },
    Rule{
        "R6",
        "share-alike",
        "What was made from share-alike work has the same license, or one that the "
        "license accepts.",
        "GPL-3.0 5(c); CC-BY-SA-4.0 3(b); DINOv3 1.b.i; LTX-2.x 3.2",
        "Applies to share-alike over the whole work, model, data or database; for "
        "hosting only where the license reaches remote use and the work was changed. "
        "Libraries in a product must stay replaceable.",
        &rule::share_alike,
    },
    Rule{
        "R7",
        "non-commercial",
        "Work for non-commercial or research use is neither used commercially nor "
        "labelled as if it could be.",
        "CC-BY-NC-4.0 2(a)(1); MRL 3.2; FLUX.1 2.b",
        "A stated commercial use, or a declared license that allows one, is a "
        "conflict; own terms that nobody has read go to a person. Of a teacher the "
        "limit bites where it reaches outputs.",
        &rule::non_commercial,
    },
    Rule{
        "R8",
        "no-derivatives",
        "Work without leave to adapt is passed on as it is.",
        "CC-BY-NC-ND-4.0 2(a)(1), 2(a)(4)",
        "Sharing an adaptation is a conflict. A conversion that loses nothing is "
        "none; one that may lose something goes to a person (fact 'lossless').",
        &rule::no_derivatives,
    },
    Rule{
        "R9",
        "training-ban",
        "Outputs of a model teach no model that its license protects itself against.",
        "Llama 2 and 3 1.b.v; Tongyi 5.b; Hunyuan 5.b; Stability IV.b; FLUX.1 2.d",
        "The protected class differs: other language models, any other model, "
        "competing models, models for trade. A student of the same family is free. A "
        "student that is not to perform like its teacher goes to a person, unless "
        "every model is protected against. Outputs of a hosted service are a "
        "contract: policy 'service-terms'.",
        &rule::training_ban,
    },
    Rule{
        "R10",
        "outputs",
        "Terms that reach models trained on outputs, or collections of outputs, are "
        "kept.",
        "BigScience OpenRAIL-M 1.e, 6; Gemma 1.1(e), 3.3; BigCode 1.i",
        "Where the text calls a model trained on outputs a derivative, R3 to R7 judge"
        " it like one. Where that depends on its performing similarly and it is not "
        "stated to, a person decides. Published outputs go to a person where their "
        "use stays bound and the restrictions do not travel.",
        &rule::outputs,
    },
    Rule{
        "R11",
        "names",
        "Names, credits and disclaimers that a license asks for are there.",
        "Llama 3.1 1.b.i; EXAONE 2.1.c; bilibili 4.1.a",
        "A declared name without the prefix is a conflict; so is a derivative without"
        " the disclaimer that must go with it. What is not stated is a duty. Some of "
        "these are due for models trained on outputs too.",
        &rule::names,
    },
    Rule{
        "R12",
        "thresholds",
        "Limits on users, visits and revenue are not exceeded.",
        "Llama 2; Qwen 4; Stability III; bilibili 2.2",
        "Each limit has its moment (release or now) and whom it spares. Above it the "
        "grant ends, or a duty starts. A number that is not stated is a duty to "
        "confirm; policy 'unknown-threshold'.",
        &rule::thresholds,
    },
    Rule{
        "R13",
        "territory",
        "The grant runs where the licensee sits or the work is used.",
        "Llama 3.2 use policy; Hunyuan 1.l, 5.c",
        "Llama 3.2 to 4 look at where the licensee of a multimodal model sits, "
        "Hunyuan at where the work or its output is used.",
        &rule::territory,
    },
    Rule{
        "R14",
        "data-into-model",
        "Data in the weights of a model that is shared is data whose text allows it.",
        "CDLA-Permissive-2.0 3.1; C-UDA 2.2; ODC-By 4.3; CC 1, 2(a)(2)",
        "Some texts call a trained model a result and free it; attribution and "
        "notices stay due otherwise. For non-commercial, share-alike and no-"
        "derivatives data the policies 'nc-', 'sa-' and 'nd-data-into-model' answer, "
        "unless the model is under terms no wider.",
        &rule::data_into_model,
    },
    Rule{
        "R15",
        "hosting",
        "Work is offered over a network only where the license lets it be.",
        "Stability NC 1.b; MRL 9; AGPL-3.0 13",
        "Barred hosting is a conflict. Where hosting counts as distribution, what "
        "flows down belongs into the terms of service.",
        &rule::hosting,
    },
    Rule{
        "R16",
        "merge",
        "Licenses that meet in one merged work can all be kept.",
        "Llama 3.1 1.b.i; HyperCLOVA X SEED 3.1",
        "Duties add up. Two names for one beginning cannot both be met. Two licenses "
        "of which no rule says what may become of both go to a person.",
        &rule::merge,
    },
    Rule{
        "R17",
        "adapter",
        "What counts as a derivative is settled by the text, or by a stated default.",
        "the derivative definitions of each record",
        "Adapters are derivatives under texts that reach them even without weights. "
        "Where a text leaves it to copyright law, the policies 'derivative-default' "
        "and 'adapter-default' answer, and the report says so.",
        &rule::adapter,
    },
    Rule{
        "R18",
        "conversion",
        "Quantized and converted copies are treated as changed copies.",
        "BigCode 1.i; OpenAtom 1.3; CC 4.0 2(a)(4)",
        "A note: the duties are among the obligations, and R8 and R23 judge "
        "conversions where they matter.",
        &rule::conversion,
    },
    Rule{
        "R19",
        "embedding",
        "A product carries what the licenses in it ask for.",
        "Apache-2.0 4; Llama 3.1 1.b.i",
        "A note: texts, notices and credits in the product, restrictions in its "
        "terms.",
        &rule::embedding,
    },
    Rule{
        "R20",
        "moving-policy",
        "Terms that the licensor may change are pinned to a date.",
        "Falcon 5; NVIDIA Open Model 2.1; FAIR 8",
        "A note and a duty: keep the date of the text that was used, and watch for "
        "changes.",
        &rule::moving_policy,
    },
    Rule{
        "R21",
        "extra-terms",
        "Nobody adds restrictions to work that takes none.",
        "GPL-3.0 7, 10; CC 2(a)(5); CDLA-Sharing 3.3; LLaMA 1 2.d",
        "Restrictions may go on own changes to permissive material. On share-alike "
        "work, on untouched copies, and under the name of a license that takes none, "
        "they are a conflict.",
        &rule::extra_terms,
    },
    Rule{
        "R22",
        "beside",
        "Share-alike parts beside other work are looked at by a person.",
        "GPL-3.0 5",
        "Code and weights are parts of their own. In a product a share-alike part "
        "with its own text and source beside the rest is arguable; without them R6 "
        "judges it as one work.",
        &rule::beside,
    },
    Rule{
        "R23",
        "relabel",
        "An untouched or converted copy keeps its license, unless that lets others "
        "grant rights in it.",
        "MIT p2; Apache-2.0 4",
        "MIT lets others sublicense; Apache lets changed work, not the untouched, "
        "have other terms. A converted copy may have own terms if text and notices of"
        " the original stay.",
        &rule::relabel,
    },
    Rule{
        "R24",
        "suits",
        "What ends a license is known.",
        "the limits of each record",
        "A note: suits and breach that end the license.",
        &rule::suits,
    },
    Rule{
        "R25",
        "known-pairs",
        "Licenses that are known not to fit do not meet in one work.",
        "GPL-2.0 6 with Apache-2.0 3; CC-BY-SA-4.0 3(b)",
        "Answers come from files in licenses/compatibility/, each with its "
        "attribution; policy 'compatibility' selects them. Where two sources disagree"
        " the pair is contested and goes to a person.",
        &rule::known_pairs,
    },
    Rule{
        "R26",
        "locked-label",
        "A text that is written for one named model labels no other.",
        "BLOOM RAIL 1.4; LTXV 1.7",
        "A person decides whether the label fits.",
        &rule::locked_label,
    },
    Rule{
        "R27",
        "versions",
        "Of a label with several dated texts the right one is meant.",
        "Gemma Terms of 2024 and 2025",
        "A note: the text that came with the pinned revision counts.",
        &rule::versions,
    },
};

} // namespace

std::span<const Rule> rules() {
    return kRules;
}

const Rule* find_rule(std::string_view name) {
    const std::string wanted = util::lower(name);
    for (const Rule& rule : kRules) {
        if (util::lower(rule.id) == wanted || rule.name == wanted) {
            return &rule;
        }
    }
    return nullptr;
}

} // namespace railhub::compliance
