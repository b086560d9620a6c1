# SPDX-License-Identifier: Apache-2.0
# Bills of materials under validators of others: CycloneDX with its authors' library and its JSON Schema, SPDX 3 with
# JSON Schema and SHACL. Bills of a model, a merge, a data set, folders, and what the hub's route answers.
import functools
import json
import os
import subprocess
import urllib.request
from pathlib import Path

import pytest

from support.clients import ROOT, missing, module, node_modules, program
from support.files import sha256, write_tree
from support.server import clean_environment

jsonschema = module("jsonschema")
pyshacl = module("pyshacl")
rdflib = module("rdflib")
referencing = module("referencing")

SHARED = Path(os.environ.get("RAILHUB_SHARED_DIR", ROOT.parent / "shared")) / "data" / "standards"
VALIDATE = Path(__file__).resolve().parent / "js" / "cyclonedx.cjs"
CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
WEIGHTS = bytes(range(256)) * 40_000

CARDS = {
    "models/alice/base": "license: creativeml-openrail-m\ndatasets: [alice/pictures, alice/none]",
    "models/alice/llama": "license: llama2",
    "models/alice/tuned": "license: mit\nbase_model: alice/base\npipeline_tag: text-to-image\nlanguage: [en, de]\n"
    "model-index:\n- name: x\n  results:\n  - task: {type: text-to-image}\n    dataset: {name: COCO, type: x/y}\n"
    "    metrics: [{type: fid, value: 12.5}, {type: clip, value: high}]",
    "models/alice/merge": "license: other\nlicense_name: House Terms 1.0\nlicense_link: https://example.org/terms\n"
    "base_model: [alice/tuned, alice/llama]\nbase_model_relation: merge",
    "models/alice/choice": "license: Apache-2.0 OR MIT\nbase_model: alice/llama\nbase_model_relation: quantized",
    "models/alice/silent": "tags: [x]",
    "datasets/alice/pictures": "license: cc-by-nc-4.0\ntask_categories: [image-classification, table-question-answering]\n"
    "size_categories: 1K<n<10K",
}

CHECKED_AS_SPDX = ("models/alice/choice", "models/alice/silent", "datasets/alice/pictures")


def standard(path):
    file = SHARED / path
    return file if file.is_file() else missing(f"the shared data '{path}' (RAILHUB_SHARED_DIR)")


@functools.lru_cache
def cyclonedx_schema():
    parts = [json.loads(standard(f"cyclonedx/{name}").read_text()) for name in (
        "bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json")
        if (SHARED / "cyclonedx" / name).is_file()]
    registry = referencing.Registry().with_resources(
        [(part["$id"], referencing.Resource.from_contents(part, referencing.jsonschema.DRAFT7)) for part in parts]
    )
    return jsonschema.Draft7Validator(parts[0], registry=registry)


@functools.lru_cache
def spdx_schema():
    return jsonschema.Draft202012Validator(json.loads(standard("spdx-json-schema.json").read_text()))


@functools.lru_cache
def spdx_shapes():
    return rdflib.Graph().parse(standard("spdx-model.ttl"), format="turtle")


def problems(validator, bill):
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(bill)]


def check_cyclonedx(text):
    bill = json.loads(text)
    assert problems(cyclonedx_schema(), bill) == []
    done = subprocess.run(
        [program("node"), VALIDATE, "1.6"],
        input=text,
        capture_output=True,
        text=True,
        env={**clean_environment(), "NODE_PATH": str(node_modules())},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"ok": True}
    return bill


def check_spdx3(text):
    bill = json.loads(text)
    assert bill["@context"] == CONTEXT
    assert problems(spdx_schema(), bill) == []
    # The context as a value, so that nothing is fetched.
    known = json.loads(standard("spdx-context.jsonld").read_text())["@context"]
    graph = rdflib.Graph().parse(data=json.dumps({**bill, "@context": known}), format="json-ld")
    assert len(graph) > len(bill["@graph"])
    shapes = spdx_shapes()
    conforms, _, said = pyshacl.validate(graph, shacl_graph=shapes, ont_graph=shapes)
    assert conforms, said
    return bill


@pytest.fixture
def railhub(server, alice, tmp_path):
    """`railhub WORDS...` as alice; returns what it prints."""

    def run(*words, env=None):
        home = {"HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hf")}
        return server.cli(*words, user=alice, cwd=tmp_path, env={**home, **(env or {})}).stdout

    return run


def fetch(server, user, path):
    asked = urllib.request.Request(server.url + path, headers={"Authorization": f"Bearer {user.token}"})
    with urllib.request.urlopen(asked) as reply:
        return reply.headers["Content-Type"], reply.read().decode()


@pytest.fixture
def repos(railhub, tmp_path):
    for name, fields in CARDS.items():
        files = {"README.md": f"---\n{fields}\n---\n# {name}\n".encode()}
        if name == "models/alice/tuned":
            files |= {"model.safetensors": WEIGHTS, "config.json": b'{"model_type": "x", "architectures": ["UNet"]}'}
        if name == "datasets/alice/pictures":
            files |= {"a/1.csv": b"a,b\n", "big.parquet": WEIGHTS[:2_000_000]}
        folder = write_tree(tmp_path / "source" / name, files)
        kind, repo = name.split("/", 1)
        railhub("push", repo, folder, "-q", *(["--type", "dataset"] if kind == "datasets" else []))


def named(bill, repo):
    owner, name = repo.split("/")
    parts = [bill["metadata"]["component"], *bill["components"]]
    return next(part for part in parts if part.get("group") == owner and part["name"] == name)


def test_every_repo_is_valid_in_both_formats(repos, railhub, server, alice):
    for name in CARDS:
        kind, repo = name.split("/", 1)
        spec = f"datasets/{repo}" if kind == "datasets" else repo
        check_cyclonedx(railhub("bom", spec))
        if name in CHECKED_AS_SPDX:  # SHACL takes long; the merge below holds all others
            check_spdx3(railhub("bom", spec, "--format", "spdx3", "--date", "2026-11-22"))
    for form, check in (("cyclonedx", check_cyclonedx), ("spdx3", check_spdx3)):
        media_type, text = fetch(server, alice, f"/api/railhub/v1/models/alice/merge/bom?format={form}")
        assert media_type.split(";")[0] in ("application/vnd.cyclonedx+json", "application/spdx+json")
        check(text)


def test_what_a_merge_says(repos, railhub):
    bill = check_cyclonedx(railhub("bom", "alice/merge", env={"SOURCE_DATE_EPOCH": "1763761000"}))
    assert bill["metadata"]["timestamp"] == "2025-11-21T21:36:40Z"
    merge = named(bill, "alice/merge")
    licenses = {(row["license"].get("id") or row["license"]["name"], row["license"]["acknowledgement"]) for row in merge["licenses"]}
    assert licenses == {
        ("House Terms 1.0", "declared"),
        ("House Terms 1.0", "concluded"),
        ("MIT", "concluded"),
        ("CreativeML OpenRAIL-M", "concluded"),
        ("Llama 2 Community License", "concluded"),
    }
    assert {one["name"] for one in merge["pedigree"]["ancestors"]} == {"tuned", "llama"}
    assert any("medical" in risk["name"] for risk in merge["modelCard"]["considerations"]["ethicalConsiderations"])
    depends = {row["ref"]: row.get("dependsOn", []) for row in bill["dependencies"]}
    base = named(bill, "alice/base")["bom-ref"]
    assert {ref.split("@")[0] for ref in depends[base]} == {"dataset:alice/pictures", "dataset:alice/none"}
    assert bill["compositions"][0]["dependencies"] == ["dataset:alice/none"]


def test_hashes_are_those_of_the_bytes(repos, railhub, tmp_path):
    bill = check_cyclonedx(railhub("bom", "alice/tuned"))
    files = {one["name"]: one for one in named(bill, "alice/tuned")["components"]}
    readme = (tmp_path / "source/models/alice/tuned/README.md").read_bytes()
    assert files["model.safetensors"]["hashes"] == [{"alg": "SHA-256", "content": sha256(WEIGHTS)}]
    assert files["README.md"]["hashes"] == [{"alg": "SHA-256", "content": sha256(readme)}]
    folder = json.loads(railhub("bom", "source/models/alice/tuned"))
    local = {one["name"]: one for one in folder["metadata"]["component"]["components"]}
    assert all(one["hashes"] == files[name]["hashes"] for name, one in local.items())


def test_a_code_base_is_valid_in_both_formats(repos, railhub, tmp_path):
    write_tree(tmp_path / "app", {
        "app.py": 'from transformers import pipeline\nfrom datasets import load_dataset\n\n'
        'chat = pipeline("text-generation", model="alice/llama")\ndata = load_dataset("alice/pictures")\n',
    })
    bill = check_cyclonedx(railhub("bom", "app"))
    assert bill["metadata"]["component"]["type"] == "application"
    assert {(part["type"], part["name"]) for part in bill["components"]} == {
        ("machine-learning-model", "llama"), ("data", "pictures")}
    check_spdx3(railhub("bom", "app", "--format", "spdx3"))


def test_equal_input_gives_equal_bytes(repos, railhub):
    for form in ("cyclonedx", "spdx3"):
        assert railhub("bom", "alice/merge", "--format", form) == railhub("bom", "alice/merge", "--format", form)


def test_a_broken_bill_is_refused_by_the_same_checks(repos, railhub):
    """The validators are awake."""
    bill = json.loads(railhub("bom", "alice/tuned"))
    bill["metadata"]["component"]["type"] = "model"
    with pytest.raises(AssertionError):
        check_cyclonedx(json.dumps(bill))
    bill = json.loads(railhub("bom", "alice/tuned", "--format", "spdx3"))
    package = next(item for item in bill["@graph"] if item["type"] == "ai_AIPackage")
    bill["@graph"].remove(package)  # relationships then lead nowhere, which only SHACL sees
    assert problems(spdx_schema(), bill) == []
    with pytest.raises(AssertionError):
        check_spdx3(json.dumps(bill))
