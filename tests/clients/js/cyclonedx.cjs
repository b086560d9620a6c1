// SPDX-License-Identifier: Apache-2.0
// Validates a CycloneDX bill on standard input with the library of the standard's authors: `node cyclonedx.cjs 1.6`
// prints {"ok": true} or {"error": what it says}.
"use strict";
const { Spec, Validation } = require("@cyclonedx/cyclonedx-library");

async function main() {
    const text = require("node:fs").readFileSync(0, "utf8");
    const version = Object.values(Spec.Version).find((known) => known === process.argv[2]);
    if (version === undefined) throw new Error(`no version ${process.argv[2]} here`);
    // Strict: also refuses members that the standard does not have.
    const found = await new Validation.JsonStrictValidator(version).validate(text);
    process.stdout.write(JSON.stringify(found === null ? { ok: true } : { error: found }) + "\n");
}

main().catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
});
