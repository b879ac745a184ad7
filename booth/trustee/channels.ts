// Letters between trustees while the key is made: signed, and readable only by the one they are for; as
// engines/ballots/channels.py (specification of Belenios 2.0, 4.6.1–4.6.3). AES-CCM by sjcl, with the lengths of the published
// programs: a tag of 8 bytes, the first 13 bytes of the hash as nonce.
import sjcl from 'sjcl'
import { BASE58 } from '../core/credentials.ts'
import type { Draw, Group } from '../core/group.ts'
import { sha256Hex } from '../core/hashing.ts'
import { know, knows, readProof } from '../core/proofs.ts'
import { Malformed, big, fields, parsed, string, written } from '../core/strict.ts'
import { ofMessage, toldSigned, type Certificate, type Signed } from './keys.ts'

const SEED_SIGNS = 22
const TAG = 64

/** A trustee's two private keys, both made from one seed of 22 signs. */
export type Keys = { group: Group; signing: bigint; decryption: bigint; certificate: Certificate }

export function keysOfSeed(group: Group, seed: string): Keys {
  const [signing, decryption] = ['sk', 'dk'].map((which) => BigInt(`0x${sha256Hex(`${which}|${seed}`)}`) % group.q) as [bigint, bigint]
  const certificate = { verification: group.secretPower(group.g, signing), encryption: group.secretPower(group.g, decryption) }
  return { group, signing, decryption, certificate }
}

/** A new seed. */
export const newSeed = (draw: Draw): string => Array.from({ length: SEED_SIGNS }, () => BASE58[Number(draw(58n))]).join('')

/** The message with a signature. */
export const sign = (keys: Keys, message: string, draw: Draw): Signed => ({ message, signature: know(keys.group, ofMessage(message), keys.signing, draw) })

function cipher(shared: bigint, alpha: bigint): [sjcl.SjclCipher, sjcl.BitArray] {
  const key = new sjcl.cipher.aes(sjcl.codec.hex.toBits(sha256Hex(`key|${shared}`)))
  return [key, sjcl.codec.hex.toBits(sha256Hex(`iv|${alpha}`))]
}

function encrypt(group: Group, key: bigint, message: string, draw: Draw): string {
  const [r, s] = [draw(group.q), draw(group.q)]
  const [alpha, shared] = [group.secretPower(group.g, r), group.secretPower(group.g, s)]
  const beta = group.times([group.secretPower(key, r), shared])
  const [aes, nonce] = cipher(shared, alpha)
  const data = sjcl.mode.ccm.encrypt(aes, sjcl.codec.utf8String.toBits(message), nonce, [], TAG)
  return written({ alpha: String(alpha), beta: String(beta), data: sjcl.codec.hex.fromBits(data) })
}

function decrypt(keys: Keys, text: string, where: string): string {
  const { group } = keys
  const found = fields(parsed(text), where, 'alpha', 'beta', 'data')
  const [alpha, beta] = [big(found.alpha, where), big(found.beta, where)]
  if (!group.contains(alpha) || !group.contains(beta)) throw new Malformed('a letter holds something that does not belong to the group', where)
  const shared = group.times([beta, group.inverse(group.secretPower(alpha, keys.decryption))])
  const data = string(found.data, where)
  try {
    if (!/^(?:[0-9a-f]{2}){8,}$/.test(data)) throw new Error('no data')
    const [aes, nonce] = cipher(shared, alpha)
    return sjcl.codec.utf8String.fromBits(sjcl.mode.ccm.decrypt(aes, sjcl.codec.hex.toBits(data), nonce, [], TAG))
  } catch {
    throw new Malformed('a letter is not for this trustee, or was changed', where)
  }
}

/** The message, signed and encrypted for the owner of the key `to`. */
export function send(keys: Keys, to: bigint, message: string, draw: Draw): string {
  const inner = written({ recipient: String(to), message })
  return encrypt(keys.group, to, written(toldSigned(sign(keys, inner, draw))), draw)
}

/** The message of a letter from the owner of the key `sender`. Throws Malformed where it is not from there, or not for this
 *  trustee, or was changed. */
export function receive(keys: Keys, sender: bigint, text: string, where: string): string {
  const signed = fields(parsed(decrypt(keys, text, where)), where, 'message', 'signature')
  const message = string(signed.message, where)
  if (!knows(keys.group, ofMessage(message), sender, readProof(keys.group)(signed.signature!, where)))
    throw new Malformed('a letter is not signed by the trustee it is said to come from', where)
  const inner = fields(parsed(message), where, 'recipient', 'message')
  if (big(inner.recipient, where) !== keys.certificate.encryption) throw new Malformed('a letter was meant for somebody else', where)
  return string(inner.message, where)
}
