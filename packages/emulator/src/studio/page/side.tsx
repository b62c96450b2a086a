import type { ComponentChildren } from 'preact'

export interface SideProps {
  label: string
  isHidden?: boolean
  isDetail?: boolean
  children: ComponentChildren
}

/** The panel at the right. It scrolls, so the keyboard must be able to reach it whatever is in it. */
export function SidePanel({ label, isHidden = false, isDetail = false, children }: SideProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <aside class={isDetail ? 'side detail' : 'side'} hidden={isHidden} aria-label={label} tabIndex={0}>
      {children}
    </aside>
  )
}
