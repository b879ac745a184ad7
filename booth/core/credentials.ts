// Credentials of voters: fifteen signs on a card, and the public key that belongs to them (specification of Belenios 2.0, section 4.8).
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Draw, Group } from './group.ts'
import { Malformed } from './strict.ts'

export const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
export const SIGNS = 15
const ROUNDS = 1000

const dashed = (signs: string): string => signs.match(/.{3}/g)!.join('-')

function remainder(signs: string): number {
  let value = 0n
  for (const sign of signs) value = value * 58n + BigInt(BASE58.indexOf(sign))
  return Number(value % 53n)
}

/** A new secret credential, typed as ABC-DEF-GHJ-KLM-NPQ. */
export function credential(draw: Draw): string {
  let signs = ''
  while (signs.length < SIGNS - 1) signs += BASE58[Number(draw(58n))]
  return dashed(signs + BASE58[53 - remainder(signs)]!) // from 1 to 53, never 0, as the published program writes it
}

/** The fifteen signs of a credential, with or without dashes and spaces. Throws Malformed where they do not agree. */
export function cleaned(typed: string): string {
  const signs = typed.replace(/[\s-]/g, '')
  if (signs.length !== SIGNS || [...signs].some((sign) => !BASE58.includes(sign))) {
    throw new Malformed('a credential has fifteen signs', 'credential')
  }
  if ((remainder(signs.slice(0, -1)) + BASE58.indexOf(signs.at(-1)!)) % 53 !== 0) throw new Malformed('the last sign does not agree with the others', 'credential')
  return signs
}

/** The secret exponent of a credential in the election `uuid`. Throws Malformed for one that was mistyped. */
export function secretOf(group: Group, uuid: string, typed: string): bigint {
  const key = pbkdf2(sha256, dashed(cleaned(typed)), uuid, { c: ROUNDS, dkLen: 32 })
  return BigInt(`0x${bytesToHex(key)}`) % group.q
}

/** The public key of a credential: what stands in the archive. */
export const publicOf = (group: Group, uuid: string, typed: string): bigint => group.ofG.power(secretOf(group, uuid, typed))
