// A secret under a passphrase, as `lianxi trustee` writes it: scrypt, 128 MB a guess, then AES-256-GCM. In script, not by the
// browser's own functions, which are missing where a page comes without TLS.
import { gcm } from '@noble/ciphers/aes.js'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { bytesToHex, hexToBytes, randomBytes } from '@noble/hashes/utils.js'
import { bytes, decoded, written } from './strict.ts'

/** As in portal/trustee/keeping.py. */
export const LEAST_SIGNS = 12
export const COST = 2 ** 17
const MOST_COST = 2 ** 20

/** Why a file could not be opened: the passphrase, or the file itself. */
export class Locked extends Error {}

export type Progress = (share: number) => void

async function keyOf(passphrase: string, salt: Uint8Array, cost: number, progress?: Progress): Promise<Uint8Array> {
  return scryptAsync(bytes(passphrase), salt, { N: cost, r: 8, p: 1, dkLen: 32, maxmem: 128 * 8 * cost + 2 ** 20, onProgress: progress, asyncTick: 40 })
}

/** The value under the passphrase; `kind` is what the file is and is bound to it. Throws Locked for a short passphrase. */
export async function locked(value: unknown, passphrase: string, kind: string, progress?: Progress, cost = COST): Promise<string> {
  if ([...passphrase].length < LEAST_SIGNS) throw new Locked('short')
  const [salt, nonce] = [randomBytes(16), randomBytes(12)]
  const key = await keyOf(passphrase, salt, cost, progress)
  const inner = bytes(written(value))
  const sealed = gcm(key, nonce, bytes(kind)).encrypt(inner)
  key.fill(0)
  inner.fill(0)
  return written({ kdf: 'scrypt', n: cost, salt: bytesToHex(salt), nonce: bytesToHex(nonce), sealed: bytesToHex(sealed) })
}

/** What `locked` closed. Throws Locked: "file" where it is no such file, "passphrase" where it does not open. */
export async function unlocked(text: string, passphrase: string, kind: string, progress?: Progress): Promise<unknown> {
  let outer: { kdf: string; n: number; salt: string; nonce: string; sealed: string }
  let parts: Uint8Array[]
  try {
    outer = JSON.parse(text)
    parts = [outer.salt, outer.nonce, outer.sealed].map(hexToBytes)
  } catch {
    throw new Locked('file')
  }
  const [salt, nonce, sealed] = parts as [Uint8Array, Uint8Array, Uint8Array]
  const fits = outer.kdf === 'scrypt' && Number.isSafeInteger(outer.n) && outer.n > 1 && outer.n <= MOST_COST && (outer.n & (outer.n - 1)) === 0
  if (!fits || nonce.length < 8) throw new Locked('file')
  const key = await keyOf(passphrase, salt, outer.n, progress)
  try {
    const inner = gcm(key, nonce, bytes(kind)).decrypt(sealed)
    const value = JSON.parse(decoded(inner)) as unknown
    inner.fill(0)
    return value
  } catch {
    throw new Locked('passphrase')
  } finally {
    key.fill(0)
  }
}
