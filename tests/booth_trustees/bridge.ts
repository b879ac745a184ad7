// Reads questions from Python, one JSON a line, and answers each with one line. Big numbers go as decimal texts.
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { BELENIOS_2048 as group, systemDraw as draw } from '../../booth/core/group.ts'
import { locked, unlocked } from '../../booth/core/locked.ts'
import { Malformed, parsed, written } from '../../booth/core/strict.ts'
import { CHINESE } from '../../booth/core/words.ts'
import * as ceremony from '../../booth/trustee/ceremony.ts'
import { keysOfSeed, newSeed, receive, send } from '../../booth/trustee/channels.ts'
import { Here } from '../../booth/trustee/checking.ts'
import { combined, readSigned, readTrustees, toldKey, toldSigned, type Signed } from '../../booth/trustee/keys.ts'
import { partlyDecrypted, toldShare } from '../../booth/trustee/tally.ts'
import { verify } from '../../booth/trustee/verifying.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const signed = (texts: string[]): Signed[] => texts.map((text) => readSigned(group, parsed(text), ''))

const known: Record<string, (...given: any[]) => unknown> = {
  words: () => CHINESE,
  parsed: (hex: string) => written(parsed(bytes(hex))),
  locked: (value: unknown, passphrase: string, cost: number) => locked(value, passphrase, 'trustee.key', undefined, cost),
  unlocked: (text: string, passphrase: string) => unlocked(text, passphrase, 'trustee.key'),
  seed: () => newSeed(draw),
  send: (seed: string, to: string, message: string) => send(keysOfSeed(group, seed), BigInt(to), message, draw),
  receive: (seed: string, sender: string, letter: string) => receive(keysOfSeed(group, seed), BigInt(sender), letter, ''),
  certificate: (seed: string) => written(toldSigned(ceremony.certificate(keysOfSeed(group, seed), draw))),
  polynomial: (seed: string, list: string[], threshold: number) =>
    written(ceremony.toldPolynomial(ceremony.polynomial(keysOfSeed(group, seed), signed(list), threshold, draw))),
  routed: (polynomials: string[]) => ceremony.routed(polynomials.map((one) => ceremony.readPolynomial(group, one, ''))).map((one) => written(ceremony.toldInput(one))),
  output: (seed: string, list: string[], input: string) =>
    written(ceremony.toldOutput(ceremony.output(keysOfSeed(group, seed), signed(list), ceremony.readInput(group, input, ''), draw))),
  private: (seed: string, output: string) => ceremony.privateKey(keysOfSeed(group, seed), ceremony.readOutput(group, output, '').private_key),
  alone: () => {
    const [secret, key] = ceremony.alone(group, draw)
    return [secret, written(toldKey(key))]
  },
  combined: (text: string) => combined(group, readTrustees(group, text)),
  verify: async (path: string) => {
    const { report } = await verify(new Blob([await readFile(path)]), new Here())
    return { ...report, wrong: report.wrong?.plain() ?? null }
  },
  share: async (path: string, secret: string) => {
    const { report, found } = await verify(new Blob([await readFile(path)]), new Here())
    if (!found) throw report.wrong!
    return written(toldShare(partlyDecrypted(found.election, found.columns, BigInt(secret), draw)))
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const { name, given } = JSON.parse(line)
  let answer: object
  try {
    answer = { answer: (await known[name]!(...given)) ?? null }
  } catch (error) {
    answer = error instanceof Malformed ? { refused: error.plain() } : { error: String((error as Error).stack) }
  }
  process.stdout.write(`${JSON.stringify(answer, (_name, value) => (typeof value === 'bigint' ? String(value) : value))}\n`)
}
