// What is asked of each ballot, here or in workers beside each other.
import { checkBallot, readBallot } from '../core/ballot.ts'
import { checkLinks, formOf, type Form } from '../core/chinese.ts'
import { readElection, type Election } from '../core/election.ts'
import { BELENIOS_2048 } from '../core/group.ts'
import { Malformed, decoded } from '../core/strict.ts'
import { weighed, type Columns } from './tally.ts'

export type Checked = { credential: string | null; problem: Malformed | null }

/** Does the heavy work of a verification. `atOnce`: how many ballots it takes before it must be waited for. */
export interface Checker {
  readonly atOnce: number
  begin(electionText: string): Promise<void>
  /** Every proof, signature and link of a ballot; the credential is null where the ballot cannot be read. */
  ballot(text: Uint8Array): Promise<Checked>
  /** A ballot that was checked, as it is added up. */
  weighed(text: Uint8Array, weight: number): Promise<Columns>
  /** The place of the first key that is no member of the group; null if there is none. */
  outside(keys: string[]): Promise<number | null>
}

/** In this thread, one after the other. */
export class Here implements Checker {
  readonly atOnce = 1
  private election!: Election
  private form: Form | null = null

  async begin(electionText: string): Promise<void> {
    this.election = readElection(electionText)
    this.form = formOf(this.election)
  }

  async ballot(text: Uint8Array): Promise<Checked> {
    let credential: string | null = null
    try {
      const ballot = readBallot(this.election, decoded(text))
      credential = String(ballot.credential)
      checkBallot(this.election, ballot)
      if (this.form) checkLinks(this.election, this.form, ballot)
      return { credential, problem: null }
    } catch (problem) {
      if (!(problem instanceof Malformed)) throw problem
      return { credential, problem }
    }
  }

  async weighed(text: Uint8Array, weight: number): Promise<Columns> {
    return weighed(this.election, readBallot(this.election, decoded(text)), weight)
  }

  async outside(keys: string[]): Promise<number | null> {
    const at = keys.findIndex((key) => key === '1' || !BELENIOS_2048.contains(BigInt(key)))
    return at < 0 ? null : at
  }
}
