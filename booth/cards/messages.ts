// What the card giver's page and its worker say to each other.
import type { Box, Card, Person } from './making.ts'

export type Asked =
  | { step: 'make'; uuid: string; title: string; count: number; people: Person[] | null; passphrase: string; cost?: number }
  | { step: 'open'; uuid: string; file: string; passphrase: string }
  | { step: 'again'; number: number; passphrase: string }

export type Results = {
  make: { box: Box; keys: string[]; file: string; print: string }
  open: { box: Box; print: string }
  again: { box: Box; card: Card; old: string; fresh: string; file: string; print: string }
}

export type Told =
  | { kind: 'progress'; share: number; count: number }
  | { kind: 'done'; result: Results[keyof Results] }
  | { kind: 'refused'; why: string }
