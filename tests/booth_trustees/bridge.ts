// Reads questions from Python, one JSON a line, and answers each with one line.
import { createInterface } from 'node:readline'
import { Malformed, parsed, written } from '../../booth/core/strict.ts'
import { CHINESE } from '../../booth/core/words.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

const known: Record<string, (...given: any[]) => unknown> = {
  words: () => CHINESE,
  parsed: (hex: string) => written(parsed(bytes(hex))),
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
