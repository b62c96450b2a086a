import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../page/icon.tsx'
import { useWords } from '../words/use-words.ts'
import { copyText, saveAs } from './save.ts'
import { conversationSvg } from './svg-export.tsx'

const TEXT = '/_emulator/conversation.txt'

async function conversationText(): Promise<string> {
  return (await fetch(TEXT)).text()
}

/** Closes on Escape and when the focus goes elsewhere. */
export function ExportMenu() {
  const { tools, copied } = useWords()
  const menu = useRef<HTMLDetailsElement>(null)
  const [isCopied, setCopied] = useState(false)
  const close = () => menu.current?.removeAttribute('open')
  useEffect(() => {
    const onClick = ({ target }: MouseEvent) => {
      if (target instanceof Node && !menu.current?.contains(target)) close()
    }
    document.addEventListener('click', onClick)
    return () => document.removeEventListener('click', onClick)
  }, [])
  const then = (work: () => Promise<void> | void) => async () => {
    await work()
    close()
  }
  return (
    <details class="menu" ref={menu} onKeyDown={({ key }) => key === 'Escape' && close()}>
      <summary class="tool" title={tools.more}>
        <Icon name={isCopied ? 'check' : 'export'} />
        <span class="tool-words">{isCopied ? copied : tools.more}</span>
      </summary>
      <div class="menu-list">
        <button
          type="button"
          onClick={then(() => saveAs('conversation.svg', 'image/svg+xml', conversationSvg()))}
        >
          {tools.svg}
        </button>
        <button
          type="button"
          onClick={then(async () => saveAs('conversation.txt', 'text/plain', await conversationText()))}
        >
          {tools.text}
        </button>
        <button
          type="button"
          onClick={then(async () => {
            await copyText(await conversationText())
            setCopied(true)
            setTimeout(() => setCopied(false), 1500)
          })}
        >
          {tools.copyText}
        </button>
      </div>
    </details>
  )
}
