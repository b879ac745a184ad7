// Proofs that an encrypted thing is as it should be, without saying what it is (specification of Belenios 2.0, sections
// 4.12 interval, 4.13 blank, 4.14 signature). The port of engines/ballots/proofs.py, name by name.
import type { Election } from './election.ts'
import type { Draw, FixedBase, Group } from './group.ts'
import { big, fields, type Json, Malformed } from './strict.ts'

/** Challenge and response of one branch, both modulo q. */
export interface Proof {
  challenge: bigint
  response: bigint
}

/** (g^r, y^r·g^m): an encryption of m under the key y. */
export interface Ciphertext {
  alpha: bigint
  beta: bigint
}

export const toldProof = ({ challenge, response }: Proof): Json => ({ challenge: String(challenge), response: String(response) })
export const toldCipher = ({ alpha, beta }: Ciphertext): Json => ({ alpha: String(alpha), beta: String(beta) })
export const saidCipher = ({ alpha, beta }: Ciphertext): string => `${alpha},${beta}`
export const sameCipher = (one: Ciphertext, other: Ciphertext): boolean => one.alpha === other.alpha && one.beta === other.beta
export const sameProofs = (one: Proof[], other: Proof[]): boolean =>
  one.length === other.length && one.every(({ challenge, response }, at) => challenge === other[at]!.challenge && response === other[at]!.response)

/** Reads a proof; Malformed where a number is not below q. */
export const readProof =
  (group: Group) =>
  (value: Json, where: string): Proof => {
    const found = fields(value, where, 'challenge', 'response')
    const proof = { challenge: big(found.challenge, where), response: big(found.response, where) }
    if (proof.challenge >= group.q || proof.response >= group.q) throw new Malformed('a number of a proof is not below q', where)
    return proof
  }

/** Reads a ciphertext; whether its parts belong to the group is checked where it is used. */
export function readCiphertext(value: Json, where: string): Ciphertext {
  const found = fields(value, where, 'alpha', 'beta')
  return { alpha: big(found.alpha, where), beta: big(found.beta, where) }
}

// Whoever makes something computes the roots of its elements and of what its proofs commit to, and from them the elements
// themselves. The roots follow from what is published; they go with the ballot as hints (engines/ballots/hints.py).

/** A ciphertext with the roots of its two elements. */
export interface Rooted {
  cipher: Ciphertext
  roots: Ciphertext
}

export const ofRoots = (group: Group, roots: Ciphertext): Rooted => ({
  cipher: { alpha: group.ofRoot(roots.alpha), beta: group.ofRoot(roots.beta) },
  roots,
})

/** The number 0 or 1 under the key y, hidden by the exponent `secret`; the same work for both. */
export function encrypted(group: Group, y: FixedBase, message: number, secret: bigint): Rooted {
  const factors = [group.p + 1n, group.rootOfG]
  const hiding = group.rooted(secret)
  return ofRoots(group, { alpha: group.ofG.power(hiding), beta: (y.power(hiding) * factors[message]!) % group.p })
}

/** Proves knowledge of the exponent; `said` gives the text to be hashed from the commitment. `hint`: where its root is told. */
export function know(group: Group, said: (commitment: bigint) => string, secret: bigint, draw: Draw, hint: bigint[] = []): Proof {
  const nonce = draw(group.q)
  const root = group.ofG.power(group.rooted(nonce))
  hint.push(root)
  const challenge = group.hashed(said(group.ofRoot(root)))
  return { challenge, response: group.exponent(nonce - secret * challenge) }
}

/** Checks such a proof for the public key. */
export function knows(group: Group, said: (commitment: bigint) => string, key: bigint, proof: Proof): boolean {
  const commitment = (group.ofG.power(proof.response) * group.power(key, proof.challenge)) % group.p
  return group.hashed(said(commitment)) === proof.challenge
}

/** What is hashed when a voter signs a ballot (4.14). */
export const ofBallot =
  (digest: string) =>
  (commitment: bigint): string =>
    `sig|${digest}|${commitment}`

/** The claim that `cipher` hides g^value. */
export interface Branch {
  cipher: Ciphertext
  value: number
}

/** What the maker of a ciphertext knows of it: it is (g^secret, y^secret·g^message). */
export interface Known {
  secret: bigint
  message: number
}

/** Checks that one of the branches is true; `prefix` is the text before the commitments. */
export function oneOfHolds({ group, y }: Election, prefix: string, branches: Branch[], proofs: Proof[]): boolean {
  if (branches.length !== proofs.length) return false
  const { p } = group
  const said = branches.map(({ cipher, value }, at) => {
    const { challenge, response } = proofs[at]!
    const a = (group.ofG.power(response) * group.power(cipher.alpha, challenge)) % p
    // (beta/g^value)^challenge, without an inversion: one more power by the table.
    const b = (y.power(response) * ((group.power(cipher.beta, challenge) * group.ofG.power(-BigInt(value) * challenge)) % p)) % p
    return `${a},${b}`
  })
  const sum = proofs.reduce((total, { challenge }) => total + challenge, 0n)
  return group.hashed(prefix + said.join()) === sum % group.q
}

/** Proves that one of the branches is true, and hides which. `hint`: where the roots of the commitments are told. `known` are those of the branches' ciphertexts; the first
 *  branch whose value is the message is the true one. The others are simulated with powers of g and y alone, the same
 *  number of operations for each. Throws where no branch is true. */
export function oneOf({ group, y }: Election, prefix: string, branches: Branch[], known: Known[], draw: Draw, hint: bigint[]): Proof[] {
  const { p, q } = group
  const isTrue = branches.findIndex(({ value }, at) => value === known[at]!.message)
  if (isTrue < 0) throw new Error('none of the claims is true')
  const proofs = branches.map(() => ({ challenge: draw(q), response: draw(q) }))
  const nonce = draw(q)
  const said = branches.map(({ value }, at) => {
    const { challenge, response } = proofs[at]!
    const { message, secret } = known[at]!
    const exponent = group.rooted([response + secret * challenge, nonce][Number(at === isTrue)]!)
    const away = group.rooted(BigInt(message - value) * challenge)
    const a = group.ofG.power(exponent)
    const b = (y.power(exponent) * group.ofG.power(away)) % p
    hint.push(a, b)
    return `${group.ofRoot(a)},${group.ofRoot(b)}`
  })
  const others = proofs.reduce((total, { challenge }, at) => total + (at === isTrue ? 0n : challenge), 0n)
  const challenge = group.exponent(group.hashed(prefix + said.join()) - others)
  proofs[isTrue] = { challenge, response: group.exponent(nonce - known[isTrue]!.secret * challenge) }
  return proofs
}

/** The text before the commitments of a proof of an interval (4.12). */
export const inInterval = (said: string, cipher: Ciphertext): string => `prove|${said}|${saidCipher(cipher)}|`
/** …of `blank_proof`: not blank, or nothing chosen (4.13). */
export const blankOrEmpty = (said: string): string => `bproof0|${said}|`
/** …of `overall_proof` where a vote may be blank (4.13). */
export const blankOrWithin = (said: string): string => `bproof1|${said}|`
