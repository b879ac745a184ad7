// What a trustee does, one function a step, as portal/trustee/steps.py: each checks what it received and says what it found.
// Runs in a worker, which the page ends after each step: with it goes everything secret.
import { BELENIOS_2048, systemDraw, type Group } from '../core/group.ts'
import { fingerprint } from '../core/hashing.ts'
import { locked, unlocked, type Progress } from '../core/locked.ts'
import { Malformed, parsed, written, type Json } from '../core/strict.ts'
import * as ceremony from './ceremony.ts'
import { keysOfSeed, newSeed, type Keys } from './channels.ts'
import { combined, keysOf, readSigned, readTrustees, toldKey, toldSigned, type Signed } from './keys.ts'
import { needs, partlyDecrypted, toldShare } from './tally.ts'
import type { Found } from './verifying.ts'

const KIND = 'trustee.key'
const draw = systemDraw

/** What only the trustee has: the private key of one who stands alone, or the seed of one of several. */
type Secret = { group: string; name: string; alone: boolean; secret: string }

/** The key file and its passphrase. */
export type Held = { file: string; passphrase: string }

/** Eight signs by which people compare two texts aloud. */
export const code = (text: string): string => fingerprint(text).slice(0, 8)

async function opened(held: Held, progress: Progress): Promise<[Group, Secret]> {
  const secret = (await unlocked(held.file, held.passphrase, KIND, progress)) as Secret
  if (typeof secret?.secret !== 'string') throw new Malformed('should be a record', KIND)
  if (secret.group !== BELENIOS_2048.name) throw new Malformed('unknown group', KIND)
  return [BELENIOS_2048, secret]
}

async function keysIn(held: Held, progress: Progress): Promise<Keys> {
  const [group, secret] = await opened(held, progress)
  if (secret.alone) throw new Malformed('this trustee is not among them', KIND)
  return keysOfSeed(group, secret.secret)
}

/** Throws Malformed where the key is not that of trustee `number`: another one's file, or that of another vote. */
function belongs(keys: Keys, signed: readonly Signed[], number: number | undefined): void {
  const place = ceremony.placeOf(keys, ceremony.readCertificates(keys.group, signed))
  if (number !== undefined && place + 1 !== number) throw new Malformed('this trustee is not among them', KIND)
}

export type New = { file: string; name: string; text: string }

/** Makes a trustee's secret, locked, and what is given to the organiser: a certificate, or the public key of one alone. */
export async function make(name: string, passphrase: string, alone: boolean, progress: Progress, cost?: number): Promise<New> {
  const group = BELENIOS_2048
  if (alone) {
    const [secret, key] = ceremony.alone(group, draw)
    const file = await locked({ group: group.name, name, alone, secret: String(secret) } satisfies Secret, passphrase, KIND, progress, cost)
    return { file, name: 'public-key.json', text: written(toldKey(key)) }
  }
  const seed = newSeed(draw)
  const file = await locked({ group: group.name, name, alone, secret: seed } satisfies Secret, passphrase, KIND, progress, cost)
  return { file, name: 'certificate.json', text: written(toldSigned(ceremony.certificate(keysOfSeed(group, seed), draw))) }
}

/** The certificates of a list, and its one text. Throws Malformed. */
export function listed(text: string): { signed: Signed[]; text: string; code: string } {
  const found = parsed(text.trim())
  if (!Array.isArray(found)) throw new Malformed('should be a list', 'certificates')
  const signed = found.map((one: Json, at) => readSigned(BELENIOS_2048, one, `certificates[${at}]`))
  ceremony.readCertificates(BELENIOS_2048, signed)
  const whole = written(signed.map(toldSigned))
  return { signed, text: whole, code: code(whole) }
}

/** The trustees of an election, everything in them checked, and the code to compare. Throws Malformed. */
export function whole(text: string): { code: string; count: number; threshold: number } {
  const parts = readTrustees(BELENIOS_2048, text.trim())
  combined(BELENIOS_2048, parts)
  const needed = needs(parts)
  return { code: code(text.trim()), count: keysOf(parts).length, threshold: needed.reduce((sum, one) => sum + one.needed, 0) }
}

/** Checks the list and makes a share for each. */
export async function share(held: Held, list: string, threshold: number, number: number | undefined, progress: Progress): Promise<string> {
  const { signed } = listed(list)
  const keys = await keysIn(held, progress)
  belongs(keys, signed, number)
  return written(ceremony.toldPolynomial(ceremony.polynomial(keys, signed, threshold, draw)))
}

/** Checks every share that was received and makes the own key of them. */
export async function key(held: Held, list: string, given: string, number: number | undefined, progress: Progress): Promise<string> {
  const { signed } = listed(list)
  const input = ceremony.readInput(BELENIOS_2048, given.trim(), '')
  const keys = await keysIn(held, progress)
  belongs(keys, signed, number)
  return written(ceremony.toldOutput(ceremony.output(keys, signed, input, draw)))
}

/** The private key that was made of the shares. Throws Malformed where this key does not read it: it is somebody else's. */
function joined(keys: Keys, letter: string): bigint {
  try {
    return ceremony.privateKey(keys, letter)
  } catch (problem) {
    throw problem instanceof Malformed ? new Malformed('this trustee is not among them', KIND) : problem
  }
}

/** Opens the own share of the sum of an archive that was verified. Gives the file for the organiser. Throws Malformed where
 *  this key is not among the trustees, or has opened before. */
export async function decrypt(held: Held, output: string | null, found: Found, progress: Progress): Promise<{ owner: number; text: string }> {
  const [group, secret] = await opened(held, (done) => progress(done / 2))
  if (!secret.alone && output === null) throw new Malformed('lacks {name}', '', { name: 'output.json' })
  const mine = secret.alone ? BigInt(secret.secret) : joined(keysOfSeed(group, secret.secret), ceremony.readOutput(group, output!.trim(), '').private_key)
  const owner = keysOf(found.parts).indexOf(group.secretPower(group.g, mine)) + 1
  if (!owner) throw new Malformed('this trustee is not among them', KIND)
  if (found.shares.has(owner)) throw new Malformed('its owner is no trustee, or has decrypted before', KIND)
  const whole = found.columns.flat().length
  let done = 0
  const decryption = toldShare(partlyDecrypted(found.election, found.columns, mine, draw, () => progress(0.5 + ++done / whole / 2)))
  return { owner, text: written({ owner, decryption }) }
}
