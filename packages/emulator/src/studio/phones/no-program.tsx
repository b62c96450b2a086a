import { useState } from 'preact/hooks'
import { copyText } from '../diagram/save.ts'
import { Icon } from '../page/icon.tsx'
import { useWords } from '../words/use-words.ts'
import { appidInUse } from './phones.ts'

function Command({ text }: { text: string }) {
  const { copy, copied } = useWords()
  const [isCopied, setCopied] = useState(false)
  const onCopy = async () => {
    await copyText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <div class="command">
      <pre>
        <code>{text}</code>
      </pre>
      <button type="button" class="quiet" aria-label={isCopied ? copied : copy} title={copy} onClick={onCopy}>
        <Icon name={isCopied ? 'check' : 'copy'} />
      </button>
    </div>
  )
}

/** The emulator runs without a mini program: what can be seen all the same, and how to get a phone. */
export function NoProgram() {
  const { noProgram } = useWords()
  const body = JSON.stringify({ appid: appidInUse(), user: 'alice' })
  const login = `curl -s ${location.origin}/_emulator/wx/login \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`
  const start =
    'npx @yaopai/wechat-emulator \\\n  --miniprogram ./miniprogram \\\n  --backend http://127.0.0.1:8080'
  return (
    <section class="phones no-program" aria-label={noProgram.title}>
      <div class="sheet">
        <h2>{noProgram.title}</h2>
        <p>{noProgram.lead}</p>
        <h3>{noProgram.phoneTitle}</h3>
        <p>{noProgram.phoneText}</p>
        <Command text={start} />
        <h3>{noProgram.codeTitle}</h3>
        <p>{noProgram.codeText}</p>
        <Command text={login} />
        <p>{noProgram.serverText}</p>
        <Command text={`WECHAT_API_BASE=${location.origin}`} />
      </div>
    </section>
  )
}
