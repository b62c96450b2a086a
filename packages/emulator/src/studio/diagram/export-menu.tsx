import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../page/icon.tsx'
import { useWords } from '../words/use-words.ts'
import { copyText, saveAs } from './save.ts'
import { conversationSvg } from './svg-export.tsx'

const TEXT = '/_emulator/conversation.txt'

async function conversationText(): Promise<string> {
  return (await fetch(TEXT)).text()
}

function useClickOutside(element: RefObject<HTMLElement | null>, then: () => void): void {
  useEffect(() => {
    const onClick = ({ target }: MouseEvent) => {
      if (target instanceof Node && !element.current?.contains(target)) then()
    }
    document.addEventListener('click', onClick)
    return () => document.removeEventListener('click', onClick)
  }, [])
}

function saveSvg(): void {
  saveAs('conversation.svg', 'image/svg+xml', conversationSvg())
}

async function saveText(): Promise<void> {
  saveAs('conversation.txt', 'text/plain', await conversationText())
}

interface Item {
  label: string
  run: () => Promise<void> | void
}

/** Closes on Escape and when something else is clicked. */
export function ExportMenu() {
  const { tools, copied } = useWords()
  const menu = useRef<HTMLDetailsElement>(null)
  const [isCopied, setCopied] = useState(false)
  const close = () => menu.current?.removeAttribute('open')
  useClickOutside(menu, close)
  const copy = async () => {
    await copyText(await conversationText())
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  const items: Item[] = [
    { label: tools.svg, run: saveSvg },
    { label: tools.text, run: saveText },
    { label: tools.copyText, run: copy },
  ]
  return (
    <details class="menu" ref={menu} onKeyDown={({ key }) => key === 'Escape' && close()}>
      <summary class="tool" title={tools.more}>
        <Icon name={isCopied ? 'check' : 'export'} />
        <span class="tool-words">{isCopied ? copied : tools.more}</span>
      </summary>
      <div class="menu-list">
        {items.map(({ label, run }) => (
          <button key={label} type="button" onClick={() => void Promise.resolve(run()).finally(close)}>
            {label}
          </button>
        ))}
      </div>
    </details>
  )
}
