# SPDX-License-Identifier: Apache-2.0
# datasets: load_dataset of pushed CSV and Parquet sets by repo id, splits, a private set, push_to_hub.
import json
import subprocess
import sys
import textwrap

import pytest

from support.clients import module
from support.files import write_tree
from support.hub import api, client_environment, hf

datasets = module("datasets")
ROWS = 1_200


@pytest.fixture
def home(tmp_path):
    return tmp_path / "hf-home"


def run(server, user, home, code, check=True):
    done = subprocess.run(
        [sys.executable, "-c", "from datasets import *\nimport json\n" + textwrap.dedent(code)],
        env=client_environment(server, user, home),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if check:
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])
    return done


def test_a_csv_set_with_splits(server, alice, home, tmp_path):
    files = {
        "README.md": "---\nlicense: cc0-1.0\n---\n",
        "train.csv": "id,text\n" + "".join(f'{i},"word {i}, more"\n' for i in range(ROWS)),
        "test.csv": "id,text\n7,seven\n",
    }
    hf(server, alice, home, "upload", "alice/table", write_tree(tmp_path / "csv", files), "--repo-type", "dataset")
    assert run(
        server,
        None,
        home,
        """
        d = load_dataset("alice/table")
        print(json.dumps([{k: v.num_rows for k, v in d.items()}, d["train"][5], d["test"]["text"][:]]))
    """,
    ) == [{"train": ROWS, "test": 1}, {"id": 5, "text": "word 5, more"}, ["seven"]]


def test_a_parquet_set_configured_by_its_card_and_streamed(server, alice, home, tmp_path):
    card = "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/*.parquet\n---\n"
    folder = write_tree(tmp_path / "parquet", {"README.md": card, "data/.keep": ""})
    for shard in range(3):
        columns = {"id": list(range(shard * ROWS, (shard + 1) * ROWS)), "text": [f"row {i}" for i in range(ROWS)]}
        datasets.Dataset.from_dict(columns).to_parquet(folder / "data" / f"part-{shard}.parquet")
    hf(server, alice, home, "upload", "alice/parquet", folder, "--repo-type", "dataset", "--private")
    assert run(
        server,
        alice,
        home,
        """
        d = load_dataset("alice/parquet", split="train")
        s = load_dataset("alice/parquet", split="train", streaming=True)
        print(json.dumps([d.num_rows, d[-1], sum(1 for _ in s)]))
    """,
    ) == [3 * ROWS, {"id": 3 * ROWS - 1, "text": f"row {ROWS - 1}"}, 3 * ROWS]
    done = run(server, None, home.with_name("stranger"), 'load_dataset("alice/parquet")', check=False)
    assert done.returncode != 0 and "DatasetNotFoundError" in done.stderr


def test_push_to_hub_and_load_at_a_revision(server, alice, home):
    assert run(
        server,
        alice,
        home,
        """
        first = Dataset.from_dict({"a": [1, 2, 3]})
        first.push_to_hub("alice/pushed")
        info = __import__("huggingface_hub").HfApi().dataset_info("alice/pushed")
        Dataset.from_dict({"a": [1, 2, 3, 4]}).push_to_hub("alice/pushed")
        now, then = load_dataset("alice/pushed", split="train"), load_dataset("alice/pushed", split="train", revision=info.sha)
        print(json.dumps([now["a"][:], then["a"][:]]))
    """,
    ) == [[1, 2, 3, 4], [1, 2, 3]]
    assert "data/train-00000-of-00001.parquet" in api(server, alice).list_repo_files(
        "alice/pushed", repo_type="dataset"
    )
