import assert from 'node:assert/strict'
import { BUILT_INS } from '../../../packages/emulator/src/lib/miniprogram/built-ins.ts'
import type { CaseView, Checks } from './case-view.ts'

const tags = Object.keys(BUILT_INS).filter((tag) => BUILT_INS[tag]?.support === 'placeholder')

async function isNamed(view: CaseView, tag: string): Promise<void> {
  const note = view.tag(tag).getByRole('note')
  assert.equal(await note.innerText(), `<${tag}>\n这部手机上没有`)
}

export const absent: Checks = Object.fromEntries(
  tags.map((tag) => [`${tag}: Is named, with the page that has it`, (view: CaseView) => isNamed(view, tag)]),
)
