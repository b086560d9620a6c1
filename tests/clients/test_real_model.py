# SPDX-License-Identifier: Apache-2.0
# A real sentence-embedding model: pushed by `hf upload`, pulled by `railhub pull`, byte-equal, and it still
# knows which sentences mean the same. transformers finds it by repo id, over the network and in the cache.
import json
import subprocess
import sys
import textwrap

import pytest

from support.clients import module, weights_folder
from support.files import digests
from support.hub import api, client_environment, hf

module("safetensors")
module("tokenizers")


@pytest.fixture
def model(server, alice, tmp_path):
    hf(server, alice, tmp_path / "hf-home", "upload", "alice/minilm", weights_folder())
    return "alice/minilm"


def assert_knows_meaning(folder):
    from support.minilm import SentenceEncoder

    encoder = SentenceEncoder(folder)
    cat, kitten, stocks = (
        encoder.encode(text)
        for text in ("A cat sleeps on the sofa.", "A kitten naps on the couch.", "Share prices fell on Monday.")
    )
    assert cat @ kitten > 0.6
    assert cat @ stocks < 0.2


def test_the_packaged_weights_are_good():
    assert_knows_meaning(weights_folder())


def test_pushed_pulled_loaded_and_byte_equal(server, alice, model, tmp_path):
    server.cli("pull", model, "--to", tmp_path / "pulled", user=alice)
    expected = digests(weights_folder(), ignoring=())
    assert digests(tmp_path / "pulled", ignoring=(".cache",)) == expected
    assert_knows_meaning(tmp_path / "pulled")


def test_pulled_into_the_cache_it_is_found_by_the_python_client_offline(server, alice, model, tmp_path):
    home = tmp_path / "shared-home"
    server.cli("pull", model, user=alice, env={"HF_HOME": str(home)})
    said = python(
        server,
        alice,
        home,
        f"""
        from huggingface_hub import snapshot_download
        print(snapshot_download({model!r}, local_files_only=True))
    """,
        HF_HUB_OFFLINE="1",
    )
    assert digests(said.strip(), ignoring=()) == digests(weights_folder(), ignoring=())


def test_railhub_pushes_what_the_python_client_downloads(server, alice, tmp_path):
    server.cli("repo", "create", "alice/pushed", user=alice)
    server.cli("push", "alice/pushed", weights_folder(), user=alice)
    path = api(server, alice).snapshot_download("alice/pushed", cache_dir=tmp_path / "cache")
    expected = digests(weights_folder())
    assert digests(path) == expected


def python(server, user, home, code, **variables):

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**client_environment(server, user, home), "TOKENIZERS_PARALLELISM": "false", **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


LOAD = """
    import json, sys
    from transformers import AutoConfig, AutoTokenizer
    config = AutoConfig.from_pretrained({model!r})
    tokenizer = AutoTokenizer.from_pretrained({model!r})
    print(json.dumps([config.model_type, config.hidden_size, tokenizer("A cat sleeps.")["input_ids"]]))
"""


def test_transformers_loads_config_and_tokenizer_by_repo_id(server, alice, model, tmp_path):
    module("transformers")
    home = tmp_path / "fresh-home"
    online = json.loads(python(server, None, home, LOAD.format(model=model)).splitlines()[-1])
    assert online == ["bert", 384, [101, 1037, 4937, 25126, 1012, 102]]
    server.stop()
    offline = json.loads(python(server, None, home, LOAD.format(model=model), HF_HUB_OFFLINE="1").splitlines()[-1])
    assert offline == online


def test_transformers_says_what_is_not_a_model(server, alice, tmp_path):
    done = python(
        server,
        None,
        tmp_path / "home",
        """
        from transformers import AutoConfig
        try:
            AutoConfig.from_pretrained("alice/none")
        except OSError as error:
            print(error)
    """,
    )
    assert "is not a valid model identifier" in done or "is not a local folder" in done


def test_transformers_pushes_a_tokenizer(server, alice, model, tmp_path):
    python(
        server,
        alice,
        tmp_path / "home",
        """
        from transformers import AutoConfig, AutoTokenizer
        AutoTokenizer.from_pretrained("alice/minilm").push_to_hub("alice/copied")
        AutoConfig.from_pretrained("alice/minilm").push_to_hub("alice/copied")
    """,
    )
    assert {"config.json", "tokenizer.json", "tokenizer_config.json"} <= set(
        api(server, alice).list_repo_files("alice/copied")
    )
