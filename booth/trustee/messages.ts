// What the page and its worker say to each other.
import type { Held, New } from './steps.ts'
import type { Report } from './verifying.ts'

export type Asked =
  | { step: 'new'; name: string; passphrase: string; alone: boolean; cost?: number }
  | { step: 'list'; list: string }
  | { step: 'trustees'; text: string }
  | { step: 'share'; held: Held; list: string; threshold: number; number: number | undefined }
  | { step: 'key'; held: Held; list: string; given: string; number: number | undefined }
  | { step: 'ready' }
  | { step: 'verify'; archive: Blob }
  | { step: 'decrypt'; held: Held; output: string | null }

export type Results = {
  new: New
  list: { code: string; count: number; text: string }
  trustees: { code: string; count: number; threshold: number }
  share: string
  key: string
  ready: null
  verify: PlainReport
  decrypt: { owner: number; text: string }
}

/** A report as it goes from a worker to its page. */
export type PlainReport = Omit<Report, 'wrong'> & { wrong: Said | null }
/** A reason in both languages. */
export type Said = { zh: string; en: string; why: string }

export type Told =
  | { kind: 'progress'; share: number; count: number }
  | { kind: 'done'; result: Results[keyof Results] }
  | { kind: 'refused'; problem: Said }
  | { kind: 'locked'; why: string }
  | { kind: 'broken'; what: string }
