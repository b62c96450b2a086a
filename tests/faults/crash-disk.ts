import type { DiskStep } from './disk-log.ts'
import type { Draw } from './draw.ts'

/** What one file holds for sure, and what was written since its last sync, in order. */
interface CrashFile {
  durable: Buffer
  pending: DiskStep[]
}

/** A disk that forgets, when the power goes, any part of what was not synced. */
export class CrashDisk {
  readonly #files = new Map<string, CrashFile>()

  apply(step: DiskStep): void {
    if (step.kind === 'said') return
    if (step.kind === 'remove') {
      this.#files.delete(step.file)
      return
    }
    const file = this.#files.get(step.file) ?? { durable: Buffer.alloc(0), pending: [] }
    this.#files.set(step.file, file)
    if (step.kind !== 'sync') file.pending.push(step)
    else {
      for (const one of file.pending) file.durable = after(file.durable, one)
      file.pending = []
    }
  }

  /** The files as they may be found after the power went now: each unsynced write whole, torn, or not there at all. */
  lose(draw: Draw): Map<string, Buffer> {
    // Half of the times all is lost: what a lucky order would hide.
    const keeps = draw.pick([0, 0, 0.5, 0.9])
    const found = new Map<string, Buffer>()
    for (const [name, { durable, pending }] of this.#files) {
      let bytes = durable
      for (const step of pending) if (draw.chance(keeps)) bytes = after(bytes, torn(step, draw))
      if (bytes.length > 0) found.set(name, bytes)
    }
    return found
  }
}

const SECTOR = 512

/** One in four writes stops at the end of a sector. */
function torn(step: DiskStep, draw: Draw): DiskStep {
  if (step.kind !== 'write' || step.bytes.length <= SECTOR || !draw.chance(0.25)) return step
  const sectors = draw.whole(1, Math.floor(step.bytes.length / SECTOR))
  return { ...step, bytes: step.bytes.subarray(0, sectors * SECTOR) }
}

function after(bytes: Buffer, step: DiskStep): Buffer {
  if (step.kind === 'cut') {
    const cut = Buffer.alloc(step.size)
    bytes.copy(cut, 0, 0, Math.min(bytes.length, step.size))
    return cut
  }
  if (step.kind !== 'write') return bytes
  const end = step.at + step.bytes.length
  const grown =
    end > bytes.length ? Buffer.concat([bytes, Buffer.alloc(end - bytes.length)]) : Buffer.from(bytes)
  step.bytes.copy(grown, step.at)
  return grown
}
