// Run by pytest: node typed.ts < texts → JSON of what the booth makes of what was typed.
import { readFileSync } from 'node:fs'
import { tidied } from '../../booth/typing.ts'

console.log(JSON.stringify((JSON.parse(readFileSync(0, 'utf8')) as string[]).map(tidied)))
