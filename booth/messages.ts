// What the page and its worker say to each other. Types only: the page itself holds nothing of the mathematics.

/** One question as the voter sees it. */
export type Shown =
  | { kind: 'motion'; text: string }
  | { kind: 'choice'; text: string; answers: string[]; min: number; max: number; blank: boolean }

/** What is on the ballot. */
export type View =
  | { kind: 'candidates'; candidates: string[]; roster: string[]; most: number }
  | { kind: 'questions'; questions: Shown[] }

export type Mark = 'favour' | 'oppose' | 'abstain'

/** What the voter chose. `names` are written in; of a question either a mark, or for each answer whether it is chosen. */
export type Vote =
  | { kind: 'candidates'; marks: Mark[]; names: string[] }
  | { kind: 'questions'; answers: ({ mark: Mark } | { chosen: boolean[]; blank: boolean })[] }

/** What was typed or scanned, tidied up. */
export interface Typed {
  /** In groups of three. */
  shown: string
  /** How many signs there are. */
  count: number
  /** Places (from 1) of signs that no card has. */
  wrong: { place: number; sign: string }[]
  /** Cards that it may be: the last sign agrees with the others. More than one where a sign can be read in two ways. */
  cards: string[]
}

export interface Sealed {
  text: string
  /** Sent along with the text; they spare the server work. */
  hints: Uint8Array<ArrayBuffer>
  code: string
  /** Shown before the voter decides whether to cast the ballot or have it opened. */
  testCode: string
}

export type Asked =
  | { do: 'open'; election: string }
  | { do: 'typed'; text: string }
  | { do: 'key'; card: string }
  | { do: 'seal'; card: string; vote: Vote }
  | { do: 'reveal' }
  | { do: 'test'; text: string }

export interface Answers {
  open: View
  typed: Typed
  /** SHA-256 of the public key of a card. */
  key: string
  seal: Sealed
  /** The file of the test ballot that was sealed last; the worker has it until then. */
  reveal: string
  test: { vote: Vote; code: string }
}

export type FromWorker =
  | { id: number; found: Answers[keyof Answers] }
  | { id: number; failed: string }
  | { id: number; done: number; all: number }
