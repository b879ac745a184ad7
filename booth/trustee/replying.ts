// What a worker that checks ballots is asked, and what it answers.
import { Malformed, type Facts } from '../core/strict.ts'
import type { Here } from './checking.ts'

export type Question =
  | { work: 'begin'; electionText: string }
  | { work: 'ballot'; text: Uint8Array }
  | { work: 'weighed'; text: Uint8Array; weight: number }
  | { work: 'outside'; keys: string[] }
export type Reply = { at: number; answer?: unknown; problem?: [string, string, Facts]; broken?: string }
/** What a check gives, as it goes between workers. */
export type PlainChecked = { credential: string | null; problem: [string, string, Facts] | null }

/** What a worker of the pool does with a question. */
export async function reply(here: Here, { at, ...question }: Question & { at: number }): Promise<Reply> {
  try {
    switch (question.work) {
      case 'begin': return { at, answer: await here.begin(question.electionText) }
      case 'weighed': return { at, answer: await here.weighed(question.text, question.weight) }
      case 'outside': return { at, answer: await here.outside(question.keys) }
      case 'ballot': {
        const { credential, problem } = await here.ballot(question.text)
        return { at, answer: { credential, problem: problem?.plain() ?? null } satisfies PlainChecked }
      }
    }
  } catch (problem) {
    return problem instanceof Malformed ? { at, problem: problem.plain() } : { at, broken: String(problem) }
  }
}
