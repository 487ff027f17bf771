// Reads receipts as JSON, answers for each whether Sigstore's own verifier accepts head and inclusion.
const { createPublicKey } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const part = (name) => require(join(__dirname, "node_modules/@sigstore/verify/dist/tlog", name));
const { verifyCheckpoint } = part("checkpoint.js");
const { verifyMerkleInclusion } = part("merkle.js");

const accepts = ({ name, keyId, spki, note, leaf, hex, index, hashes }) => {
  const publicKey = createPublicKey({ key: Buffer.from(spki, "hex"), format: "der", type: "spki" });
  const log = { logID: Buffer.from(keyId, "hex"), baseURL: name, publicKey };
  const inclusionProof = {
    logIndex: String(index),
    hashes: hashes.map((hash) => Buffer.from(hash, "hex")),
    checkpoint: { envelope: note },
  };
  try {
    const head = verifyCheckpoint({ inclusionProof }, [log]);
    verifyMerkleInclusion({ canonicalizedBody: hex === undefined ? Buffer.from(leaf) : Buffer.from(hex, "hex"), inclusionProof }, head);
    return true;
  } catch (error) {
    if (error.name !== "VerificationError") throw error;
    return false;
  }
};
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(accepts)));
