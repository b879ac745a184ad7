// Run by pytest: node verify_vectors.ts FILE → JSON of what this verifier says of each certificate and each mutation.
import { readFileSync } from 'node:fs'
import { check } from '../../assets/verify/apportionment.ts'

type Mutation = { path: (string | number)[]; value: unknown; input?: string }
type Vector = { name: string; certificate: Record<string, unknown>; mutations: Mutation[] }

const says = (certificate: unknown): boolean => {
  const lines = check(certificate)
  return lines.length > 0 && lines.every((line) => line.holds)
}

const vectors = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Vector[]
const found = vectors.map(({ name, certificate, mutations }) => ({
  name,
  holds: says(certificate),
  lines: check(certificate),
  mutations: mutations.map(({ path, value, input }) => {
    const copy = structuredClone(certificate)
    let at = copy as Record<string | number, unknown>
    for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>
    at[path.at(-1)!] = value
    if (input) copy.input = input
    return says(copy)
  }),
}))
console.log(JSON.stringify(found))
