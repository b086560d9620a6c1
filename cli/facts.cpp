// SPDX-License-Identifier: Apache-2.0
// NAME=VALUE pairs for the tables of facts and switches.
#include "cli/facts.h"

#include "core/compliance/context.h"

namespace railhub::cli {

util::Result<NamedValue> parse_named(std::string_view option, const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        return util::fail(
            util::Code::InvalidInput, "'" + std::string(option) + " " + text + "' is not NAME=VALUE"
        );
    }
    return NamedValue{text.substr(0, equals), text.substr(equals + 1)};
}

std::vector<OptionSpec> fact_options() {
    return {
        {.name = "use",
         .kind = OptionKind::Choice,
         .value = "HOW",
         .help = "What is done with it",
         .fallback = "distribute",
         .choices = {"internal", "serve", "distribute"}},
        {.name = "purpose",
         .kind = OptionKind::Choice,
         .value = "WHY",
         .help = "What for; not stated when left out",
         .choices = {"commercial", "non-commercial"}},
        {.name = "fact",
         .kind = OptionKind::List,
         .value = "NAME=VALUE",
         .help = "A fact the licenses ask about, such as mau_now=2000000"},
        {.name = "policy",
         .kind = OptionKind::List,
         .value = "SWITCH=VALUE",
         .help = "How to answer a contested question, such as nc-data-into-model=warn"}};
}

util::Result<> read_facts(const Args& args, app::CheckOptions& options) {
    using Delivery = compliance::Use::Delivery;
    const std::string delivery = args.text("use");
    options.use.delivery = delivery == "internal" ? Delivery::Internal
                           : delivery == "serve"  ? Delivery::Serve
                                                  : Delivery::Distribute;
    if (args.has("purpose")) {
        options.use.purpose = args.text("purpose") == "commercial"
                                  ? compliance::Use::Purpose::Commercial
                                  : compliance::Use::Purpose::NonCommercial;
    }
    for (const std::string& text : args.list("fact")) {
        RAILHUB_TRY(const NamedValue fact, parse_named("--fact", text));
        RAILHUB_TRY(compliance::set_fact(options.use, fact.name, std::string_view(fact.value)));
    }
    for (const std::string& text : args.list("policy")) {
        RAILHUB_TRY(const NamedValue row, parse_named("--policy", text));
        RAILHUB_TRY(compliance::set_switch(options.policy, row.name, row.value));
    }
    return {};
}

} // namespace railhub::cli
