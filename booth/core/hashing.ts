// SHA-256 in the three ways in which Belenios prints it. The browser's own is missing where a page comes without TLS.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** In hexadecimal: the name of a file in an archive. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))

/** In Base64 without padding: what elections, ballots and lists are called by. */
export function fingerprint(text: string): string {
  return btoa(String.fromCharCode(...sha256(utf8ToBytes(text)))).replace(/=+$/, '')
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** What a voter compares: the first 40 bits of the SHA-256 of the ballot's text, `K3M9-7QPX`. */
export function checkCode(text: string): string {
  const bits = [...sha256(utf8ToBytes(text)).subarray(0, 5)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const signs = [...bits.matchAll(/.{5}/g)].map(([five]) => CROCKFORD[parseInt(five, 2)]).join('')
  return `${signs.slice(0, 4)}-${signs.slice(4)}`
}
