// SPDX-License-Identifier: Apache-2.0
// One step with the official JavaScript client: `node steps.cjs NAME JSON`; prints {"ok": value} or {"error": ...}.
"use strict";
const fs = require("node:fs");
const hub = require("@huggingface/hub");

const base = { hubUrl: process.env.HUB_URL, accessToken: process.env.HUB_TOKEN || undefined };
const blob = (item) => ({ path: item.path, content: new Blob([Buffer.from(item.base64, "base64")]) });

async function all(iterator) {
    const items = [];
    for await (const item of iterator) items.push(item);
    return items;
}

async function base64(content) {
    return content && Buffer.from(await content.arrayBuffer()).toString("base64");
}

const steps = {
    whoAmI: (a) => hub.whoAmI({ ...base, ...a }),
    createRepo: (a) => hub.createRepo({ ...base, ...a, files: a.files?.map((f) => ({ ...blob(f) })) }),
    deleteRepo: (a) => hub.deleteRepo({ ...base, ...a }),
    repoExists: (a) => hub.repoExists({ ...base, ...a }),
    checkRepoAccess: (a) => hub.checkRepoAccess({ ...base, ...a }),
    uploadFile: (a) => hub.uploadFile({ ...base, ...a, file: blob(a.file) }),
    uploadFiles: (a) => hub.uploadFiles({ ...base, ...a, files: a.files.map(blob) }),
    uploadFolder: (a) => hub.uploadFiles({ ...base, ...a, files: [new URL(`file://${a.folder}`)] }),
    commit: (a) =>
        hub.commit({
            ...base,
            ...a,
            operations: a.operations.map((op) => (op.base64 === undefined ? op : { operation: op.operation, ...blob(op) })),
        }),
    // Replaces [start, end) of a file, without fetching what stays as a whole where the hub helps; says what was asked of the CAS.
    editFile: async (a) => {
        const asked = [];
        const watched = (url, init) => {
            asked.push(`${init?.method ?? "GET"} ${new URL(url.url ?? url).pathname}`);
            return fetch(url, init);
        };
        const content = await hub.downloadFile({ ...base, repo: a.repo, path: a.path, xet: true });
        const edits = a.edits.map((e) => ({ start: e.start, end: e.end, content: new Blob([Buffer.from(e.base64, "base64")]) }));
        const operations = [{ operation: "edit", path: a.path, originalContent: content, edits }];
        await hub.commit({ ...base, repo: a.repo, title: "Edit", operations, useXet: true, fetch: watched });
        return asked;
    },
    deleteFile: (a) => hub.deleteFile({ ...base, ...a }),
    deleteFiles: (a) => hub.deleteFiles({ ...base, ...a }),
    listFiles: (a) => all(hub.listFiles({ ...base, ...a })),
    listCommits: (a) => all(hub.listCommits({ ...base, ...a })),
    countCommits: (a) => hub.countCommits({ ...base, ...a }),
    listModels: (a) => all(hub.listModels({ ...base, ...a })),
    listDatasets: (a) => all(hub.listDatasets({ ...base, ...a })),
    modelInfo: (a) => hub.modelInfo({ ...base, ...a }),
    datasetInfo: (a) => hub.datasetInfo({ ...base, ...a }),
    fileExists: (a) => hub.fileExists({ ...base, ...a }),
    pathsInfo: (a) => hub.pathsInfo({ ...base, ...a }),
    fileDownloadInfo: (a) => hub.fileDownloadInfo({ ...base, ...a }),
    downloadFile: async (a) => base64(await hub.downloadFile({ ...base, ...a })),
    downloadTo: async (a) => {
        const content = await hub.downloadFile({ ...base, ...a });
        fs.writeFileSync(a.to, Buffer.from(await content.arrayBuffer()));
        return content.size;
    },
    downloadSlice: async (a) => base64((await hub.downloadFile({ ...base, ...a })).slice(a.start, a.end)),
    snapshotDownload: (a) => hub.snapshotDownload({ ...base, ...a }),
    downloadFileToCacheDir: (a) => hub.downloadFileToCacheDir({ ...base, ...a }),
    createBranch: (a) => hub.createBranch({ ...base, ...a }),
    deleteBranch: (a) => hub.deleteBranch({ ...base, ...a }),
    parseSafetensorsMetadata: (a) => hub.parseSafetensorsMetadata({ ...base, ...a }),
};

async function main(name, text) {
    try {
        return { ok: await steps[name](JSON.parse(text)) };
    } catch (error) {
        return { error: error.message, status: error.statusCode, requestId: error.requestId, stack: error.stack };
    }
}

let input = "";
process.stdin.on("data", (data) => (input += data));
// The client prints progress of its own: the answer is the last line. Streams that it did not read to their end keep
// their connections, and with them the process.
process.stdin.on("end", async () =>
    process.stdout.write("\n" + JSON.stringify(await main(process.argv[2], input)), () => process.exit(0)),
);
