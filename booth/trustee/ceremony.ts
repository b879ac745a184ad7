// Making the key together: t of n trustees (Pedersen), or one alone; as engines/ballots/ceremony.py (specification of Belenios
// 2.0, 4.5 and 4.6). Each step takes what the others published and gives what is to be published; every input is checked first.
import type { Draw, Group } from '../core/group.ts'
import { know } from '../core/proofs.ts'
import { Malformed, big, fields, many, parsed, string, written, type Json } from '../core/strict.ts'
import { receive, send, sign, type Keys } from './channels.ts'
import { ofKey, readCertificate, readCoefficients, readKey, readSigned, toldKey, toldSigned, valueAt, type Certificate, type PublicKey, type Signed } from './keys.ts'

/** The public key of a private key, with the proof that it is known. */
function shown(group: Group, secret: bigint, draw: Draw): PublicKey {
  const key = group.secretPower(group.g, secret)
  return { pok: know(group, ofKey(group, key), secret, draw), key }
}

/** A private key and its public key, for a trustee without whom nothing is opened. */
export function alone(group: Group, draw: Draw): [bigint, PublicKey] {
  const secret = draw(group.q - 1n) + 1n
  return [secret, shown(group, secret, draw)]
}

/** Step 1: the trustee's two public keys, signed. */
export function certificate(keys: Keys, draw: Draw): Signed {
  const { verification, encryption } = keys.certificate
  return sign(keys, written({ verification: String(verification), encryption: String(encryption) }), draw)
}

/** Step 2: all certificates, checked. Throws Malformed; also where two trustees have the same keys. */
export function readCertificates(group: Group, certificates: readonly Signed[]): Certificate[] {
  const found = certificates.map((one, at) => readCertificate(group, one, `certificate ${at + 1}`))
  for (const which of ['verification', 'encryption'] as const)
    if (new Set(found.map((one) => one[which])).size !== found.length) throw new Malformed('two trustees have the same key', 'certificates')
  return found
}

/** The place of a trustee in the list, from 0. Throws Malformed where he or she does not stand in it. */
export function placeOf(keys: Keys, certificates: readonly Certificate[]): number {
  const mine = keys.certificate
  const place = certificates.findIndex((one) => one.verification === mine.verification && one.encryption === mine.encryption)
  if (place < 0) throw new Malformed('this trustee is not among them', 'certificates')
  return place
}

/** Step 3: what a trustee gives: the own polynomial for himself or herself, a share for each, and the public coefficients. */
export type Polynomial = { polynomial: string; secrets: string[]; coefexps: Signed }

export const toldPolynomial = (one: Polynomial): Json => ({ polynomial: one.polynomial, secrets: one.secrets, coefexps: toldSigned(one.coefexps) })

export function readPolynomial(group: Group, text: Uint8Array | string, where: string): Polynomial {
  const found = fields(parsed(text), where, 'polynomial', 'secrets', 'coefexps')
  return { polynomial: string(found.polynomial, where), secrets: many(found.secrets, where, string), coefexps: readSigned(group, found.coefexps, where) }
}

/** Step 3. Throws Malformed for bad certificates, RangeError for a threshold that cannot be. */
export function polynomial(keys: Keys, certificates: readonly Signed[], threshold: number, draw: Draw): Polynomial {
  const { group } = keys
  const others = readCertificates(group, certificates)
  const mine = others[placeOf(keys, others)]!
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > others.length) throw new RangeError(`${threshold} of ${others.length}`)
  const secret = Array.from({ length: threshold }, () => draw(group.q))
  const share = (place: bigint): bigint => secret.reduceRight((all, one) => (all * place + one) % group.q, 0n)
  const spread = secret.map((one) => String(group.secretPower(group.g, one)))
  return {
    polynomial: send(keys, mine.encryption, written({ polynomial: secret.map(String) }), draw),
    secrets: others.map((other, at) => send(keys, other.encryption, written({ secret: String(share(BigInt(at + 1))) }), draw)),
    coefexps: sign(keys, written({ coefexps: spread }), draw),
  }
}

/** Step 4: what a trustee gets: the own polynomial, a share from each, and all public coefficients. */
export type Input = { polynomial: string; secrets: string[]; coefexps: Signed[] }

export const toldInput = (one: Input): Json => ({ polynomial: one.polynomial, secrets: one.secrets, coefexps: one.coefexps.map(toldSigned) })

export function readInput(group: Group, text: Uint8Array | string, where: string): Input {
  const found = fields(parsed(text), where, 'polynomial', 'secrets', 'coefexps')
  return {
    polynomial: string(found.polynomial, where),
    secrets: many(found.secrets, where, string),
    coefexps: many(found.coefexps, where, (v, w) => readSigned(group, v, w)),
  }
}

/** Step 4: to each trustee what is for him or her. Throws Malformed where a share is missing. */
export function routed(polynomials: readonly Polynomial[]): Input[] {
  if (polynomials.some((one) => one.secrets.length !== polynomials.length)) throw new Malformed('a trustee has not given a share to each', 'polynomials')
  return polynomials.map((mine, at) => ({
    polynomial: mine.polynomial,
    secrets: polynomials.map((one) => one.secrets[at]!),
    coefexps: polynomials.map((one) => one.coefexps),
  }))
}

/** Step 5: the trustee's share of the key, encrypted for himself or herself, and its public key. */
export type Output = { private_key: string; public_key: PublicKey }

export const toldOutput = (one: Output): Json => ({ private_key: one.private_key, public_key: toldKey(one.public_key) })

export function readOutput(group: Group, text: Uint8Array | string, where: string): Output {
  const found = fields(parsed(text), where, 'private_key', 'public_key')
  return { private_key: string(found.private_key, where), public_key: readKey(group, found.public_key, where) }
}

/** Step 5: checks every share against the public coefficients of its giver and adds them up. Throws Malformed, naming the
 *  trustee whose share is wrong. */
export function output(keys: Keys, certificates: readonly Signed[], given: Input, draw: Draw): Output {
  const { group } = keys
  const others = readCertificates(group, certificates)
  const place = placeOf(keys, others)
  const mine = others[place]!
  if (given.secrets.length !== others.length || given.coefexps.length !== others.length) throw new Malformed('lacks something of a trustee', 'input')
  const coefficients = allCoefficients(group, others, given.coefexps)
  ownPolynomial(keys, mine, given.polynomial, coefficients[place]!)
  let secret = 0n
  others.forEach((other, at) => {
    const where = `share from trustee ${at + 1}`
    const said = fields(parsed(receive(keys, other.verification, given.secrets[at]!, where)), where, 'secret')
    // The published program does not reduce what it sends.
    const share = big(said.secret, where) % group.q
    if (group.secretPower(group.g, share) !== valueAt(group, coefficients[at]!, place + 1))
      throw new Malformed("does not lie on that trustee's polynomial", where)
    secret = (secret + share) % group.q
  })
  return { private_key: send(keys, mine.encryption, written({ decryption_key: String(secret) }), draw), public_key: shown(group, secret, draw) }
}

function allCoefficients(group: Group, others: readonly Certificate[], signed: readonly Signed[]): bigint[][] {
  const count = thresholdOf(signed)
  return others.map((other, at) => readCoefficients(group, signed[at]!, other.verification, count, `coefficients of trustee ${at + 1}`))
}

/** How many of them open together: what the first one's coefficients say. Throws Malformed. */
export function thresholdOf(signed: readonly Signed[]): number {
  if (!signed[0]) throw new Malformed('lacks something of a trustee', 'polynomials')
  return many(fields(parsed(signed[0].message), 'coefficients', 'coefexps').coefexps, 'coefficients', big).length
}

function ownPolynomial(keys: Keys, mine: Certificate, letter: string, spread: readonly bigint[]): void {
  const where = 'own polynomial'
  const text = receive(keys, mine.verification, letter, where)
  const secret = many(fields(parsed(text), where, 'polynomial').polynomial, where, big, spread.length)
  if (secret.some((one, at) => keys.group.secretPower(keys.group.g, one) !== spread[at]))
    throw new Malformed('is not the one whose coefficients were published', where)
}

/** A trustee's share of the key, from the letter to himself or herself (`Output.private_key`). Throws Malformed. */
export function privateKey(keys: Keys, letter: string): bigint {
  const where = 'private key'
  const found = fields(parsed(receive(keys, keys.certificate.verification, letter, where)), where, 'decryption_key')
  return big(found.decryption_key, where) % keys.group.q
}
