import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { EmulatorError } from '../machine.ts'
import { type EmulatorState, importState } from './saved-state.ts'
import { DEFAULT_ID_SEED } from './world.ts'

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new EmulatorError('no_state_file', reasonOf(error), 'give --seed a file that is there and readable')
  }
}

/**
 * The state in a file, checked.
 *
 * @throws {EmulatorError} `no_state_file`, `bad_state_file`
 */
export async function readStateFile(file: string): Promise<EmulatorState> {
  const text = await readText(file)
  try {
    const state: unknown = JSON.parse(text)
    importState(state, DEFAULT_ID_SEED)
    return state as EmulatorState // importState has just checked it
  } catch (error) {
    const cure = 'correct it, or make a new one with GET /_emulator/state'
    throw new EmulatorError('bad_state_file', `${file}: ${reasonOf(error)}`, cure)
  }
}

/** Writes the state so that a reader sees the old file or the new one, never half of one. Mode 600: it holds secrets. */
export async function writeStateFile(file: string, state: EmulatorState): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(state, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw new EmulatorError(
      'state_not_saved',
      reasonOf(error),
      'give --export-on-exit a file that can be written',
    )
  }
}
