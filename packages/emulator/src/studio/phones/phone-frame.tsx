import { useEffect, useRef, useState } from 'preact/hooks'
import { fill } from '../words/text.ts'
import { useWords } from '../words/use-words.ts'
import { frameUrl, keepFrame, type PhoneSpot } from './phones.ts'

/** As wide as the phones that mini programs are made for; the frame is scaled to its place. */
const PHONE_WIDTH = 375

function useScale() {
  const screen = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState({ width: PHONE_WIDTH, height: 720 })
  useEffect(() => {
    const { current } = screen
    if (current === null) return undefined
    const look = () => setSize({ width: current.clientWidth, height: current.clientHeight })
    const observer = new ResizeObserver(look)
    observer.observe(current)
    look()
    return () => observer.disconnect()
  }, [])
  const scale = size.width / PHONE_WIDTH
  const style = {
    width: `${PHONE_WIDTH}px`,
    height: `${size.height / scale}px`,
    transform: `scale(${scale})`,
  }
  return { screen, style }
}

/** A phone with a mini program in it, by its frame of this origin. */
export function PhoneFrame({ spot }: { spot: PhoneSpot }) {
  const { phones } = useWords()
  const { screen, style } = useScale()
  const frame = useRef<HTMLIFrameElement>(null)
  // Dark mode is told to the running phone: a change must not load the frame anew.
  const [dark] = useState(spot.isDark)
  const { id, user, device, turn } = spot
  useEffect(() => {
    keepFrame(id, frame.current)
    return () => keepFrame(id, null)
  }, [id, user, device, turn])
  return (
    <div class={`device ${spot.isInBackground ? 'is-away' : ''}`}>
      <div class="device-screen" ref={screen}>
        <iframe
          key={`${user}/${device}/${turn}`}
          ref={frame}
          title={fill(phones.frame, { n: id, user, device })}
          src={frameUrl({ id, user, device, isDark: dark })}
          style={style}
        />
        {spot.isInBackground && <div class="device-away">{phones.away}</div>}
      </div>
    </div>
  )
}
