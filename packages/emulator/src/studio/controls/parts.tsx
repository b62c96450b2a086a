import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

/** One group of controls, with a title and, where there is one, a line about it. */
export function Group({
  title,
  lead,
  children,
}: {
  title: string
  lead?: string
  children: ComponentChildren
}) {
  return (
    <section class="group">
      <h3>{title}</h3>
      {lead !== undefined && <p class="group-lead">{lead}</p>}
      {children}
    </section>
  )
}

/** A line of controls with its name before it. */
export function Line({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <fieldset class="line">
      <legend class="line-name">{name}</legend>
      <div class="line-controls">{children}</div>
    </fieldset>
  )
}

export interface PillProps {
  label: string
  hint?: string | undefined
  /** Absent: a button that does something; else one that is on or off. */
  isOn?: boolean | undefined
  isDanger?: boolean
  isDisabled?: boolean
  onPress: () => unknown
}

/** A button that waits for its work, so that a second press does nothing meanwhile. */
export function Pill({ label, hint, isOn, isDanger, isDisabled, onPress }: PillProps) {
  const [isBusy, setBusy] = useState(false)
  const press = async () => {
    setBusy(true)
    await onPress()
    setBusy(false)
  }
  return (
    <button
      type="button"
      class={isDanger ? 'pill pill-danger' : 'pill'}
      title={hint}
      aria-pressed={isOn}
      disabled={isDisabled || isBusy}
      onClick={press}
    >
      {label}
    </button>
  )
}
