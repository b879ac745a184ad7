// The keys of the trustees: each alone, or t of n together; as engines/ballots/trustees.py (specification of Belenios 2.0,
// sections 4.5–4.7).
import type { Group } from '../core/group.ts'
import { knows, readProof, toldProof, type Proof } from '../core/proofs.ts'
import { Malformed, big, exactly, fields, many, parsed, small, string, type Json } from '../core/strict.ts'

export const MOST_TRUSTEES = 100

/** A verification key with the proof that somebody knows its private key. */
export type PublicKey = { pok: Proof; key: bigint }
/** A message and the signature of the trustee who sent it. */
export type Signed = { message: string; signature: Proof }
/** The two keys that a trustee uses while the key is made: for signatures and for secret messages. */
export type Certificate = { verification: bigint; encryption: bigint }
/** A trustee without whom nothing is opened. */
export type Single = { kind: 'Single'; keys: PublicKey[] }
/** Trustees of whom any `threshold` open together, and fewer learn nothing. */
export type Pedersen = { kind: 'Pedersen'; threshold: number; certificates: Signed[]; coefficients: Signed[]; keys: PublicKey[] }
export type Part = Single | Pedersen

/** What is hashed when a trustee shows that he or she knows the private key (4.5). */
export const ofKey =
  (group: Group, key: bigint) =>
  (commitment: bigint): string =>
    `pok|${group.name}|${key}|${commitment}`
/** What is hashed when a trustee signs a message to another (4.6.1). */
export const ofMessage =
  (message: string) =>
  (commitment: bigint): string =>
    `sigmsg|${message}|${commitment}`

export const toldKey = (one: PublicKey): Json => ({ pok: toldProof(one.pok), public_key: String(one.key) })
export const toldSigned = (one: Signed): Json => ({ message: one.message, signature: toldProof(one.signature) })

function toldPart(part: Part): Json {
  if (part.kind === 'Single') return ['Single', toldKey(part.keys[0]!)]
  return [
    'Pedersen',
    {
      threshold: part.threshold,
      certs: part.certificates.map(toldSigned),
      coefexps: part.coefficients.map(toldSigned),
      verification_keys: part.keys.map(toldKey),
    },
  ]
}
export const told = (parts: readonly Part[]): Json => parts.map(toldPart)

/** All keys, in the order in which the owner of a decryption is counted: from 1, through all parts. */
export const keysOf = (parts: readonly Part[]): bigint[] => parts.flatMap((part) => part.keys.map((one) => one.key))

export function readKey(group: Group, value: Json | undefined, where: string): PublicKey {
  const found = fields(value, where, 'pok', 'public_key')
  return { pok: readProof(group)(found.pok!, where), key: big(found.public_key, where) }
}

export function readSigned(group: Group, value: Json | undefined, where: string): Signed {
  const found = fields(value, where, 'message', 'signature')
  return { message: string(found.message, where), signature: readProof(group)(found.signature!, where) }
}

/** The trustees of a text. Throws Malformed. */
export function readTrustees(group: Group, text: string): Part[] {
  const signed = (value: Json, where: string): Signed => readSigned(group, value, where)
  const part = (value: Json, where: string): Part => {
    if (!Array.isArray(value) || value.length !== 2 || (value[0] !== 'Single' && value[0] !== 'Pedersen'))
      throw new Malformed('should be Single or Pedersen', where)
    if (value[0] === 'Single') return { kind: 'Single', keys: [readKey(group, value[1], where)] }
    const found = fields(value[1], where, 'threshold', 'certs', 'coefexps', 'verification_keys')
    const keys = many(found.verification_keys, `${where}.verification_keys`, (v, w) => readKey(group, v, w))
    const one: Pedersen = {
      kind: 'Pedersen',
      threshold: small(found.threshold, where),
      certificates: many(found.certs, `${where}.certs`, signed, keys.length),
      coefficients: many(found.coefexps, `${where}.coefexps`, signed, keys.length),
      keys,
    }
    if (one.threshold < 1 || one.threshold > keys.length)
      throw new Malformed('threshold {least} of {count}', where, { least: one.threshold, count: keys.length })
    return one
  }
  const parts = many(parsed(text), 'trustees', part)
  const count = keysOf(parts).length
  if (count < 1 || count > MOST_TRUSTEES) throw new Malformed('{count} trustees', 'trustees', { count })
  exactly(text, told(parts))
  return parts
}

/** The keys in a certificate that is signed with its own key. Throws Malformed where it is not. */
export function readCertificate(group: Group, signed: Signed, where: string): Certificate {
  const text = signed.message
  const found = fields(parsed(text), where, 'verification', 'encryption')
  const one = { verification: big(found.verification, where), encryption: big(found.encryption, where) }
  exactly(text, { verification: String(one.verification), encryption: String(one.encryption) })
  if (!group.contains(one.verification) || !group.contains(one.encryption)) throw new Malformed('a key does not belong to the group', where)
  if (!knows(group, ofMessage(signed.message), one.verification, signed.signature)) throw new Malformed('is not signed with its own key', where)
  return one
}

/** The public coefficients of a trustee's polynomial, signed by the key `by`. Throws Malformed. */
export function readCoefficients(group: Group, signed: Signed, by: bigint, count: number, where: string): bigint[] {
  const text = signed.message
  const found = many(fields(parsed(text), where, 'coefexps').coefexps, where, big, count)
  exactly(text, { coefexps: found.map(String) })
  if (!found.every((one) => group.contains(one))) throw new Malformed('a coefficient does not belong to the group', where)
  if (!knows(group, ofMessage(signed.message), by, signed.signature)) throw new Malformed('is not signed by its trustee', where)
  return found
}

/** g^f(place) from the public coefficients of f. */
export const valueAt = (group: Group, coefficients: readonly bigint[], place: number): bigint =>
  coefficients.reduceRight((found, one) => group.times([group.power(found, BigInt(place)), one]), 1n)

/** What a part contributes to the key of the election, after everything in it was checked. Throws Malformed. */
function subkey(group: Group, part: Part, where: string): bigint {
  part.keys.forEach((one, at) => {
    if (!group.contains(one.key) || one.key === 1n) throw new Malformed('a key does not belong to the group', `${where}[${at}]`)
    if (!knows(group, ofKey(group, one.key), one.key, one.pok)) throw new Malformed('nobody has shown to know the private key', `${where}[${at}]`)
  })
  if (part.kind === 'Single') return part.keys[0]!.key
  const polynomials = part.certificates.map((signed, at) => {
    const certificate = readCertificate(group, signed, `${where}.certs[${at}]`)
    return readCoefficients(group, part.coefficients[at]!, certificate.verification, part.threshold, `${where}.coefexps[${at}]`)
  })
  part.keys.forEach((one, at) => {
    if (group.times(polynomials.map((polynomial) => valueAt(group, polynomial, at + 1))) !== one.key)
      throw new Malformed('a key is not what the polynomials make it', `${where}.verification_keys[${at}]`)
  })
  return group.times(polynomials.map((polynomial) => polynomial[0]!))
}

/** The key of the election. Throws Malformed where a part does not hold. */
export const combined = (group: Group, parts: readonly Part[]): bigint =>
  group.times(parts.map((part, at) => subkey(group, part, `trustees[${at}]`)))

/** The weight of the share at `place` when those at `places` open together. */
export function lagrange(group: Group, place: number, places: readonly number[]): bigint {
  const { q } = group
  let [above, below] = [1n, 1n]
  for (const other of places)
    if (other !== place) {
      above = (above * BigInt(other)) % q
      below = (below * BigInt(other - place)) % q
    }
  return (above * inverted(((below % q) + q) % q, q)) % q
}

/** 1/x modulo a prime. */
function inverted(x: bigint, q: bigint): bigint {
  let [a, b, u, v] = [x, q, 1n, 0n]
  while (b) {
    const times = a / b
    ;[a, b] = [b, a - times * b]
    ;[u, v] = [v, u - times * v]
  }
  return ((u % q) + q) % q
}
