/** A picture as WeChat would hand out: PNG, 132 pixels wide. */
export interface PaintedAvatar {
  bytes: Uint8Array
  /** To show it in this window. */
  url: string
}

const SIZE_PX = 132

/** Hill, sky, sun: two colours and a height for each. */
const SCENES = [
  { sky: '#f6c66b', hill: '#0e6b51', sun: '#b3341f', heightPx: 62 },
  { sky: '#cfe6f2', hill: '#2c5f7c', sun: '#fff6d8', heightPx: 44 },
  { sky: '#f3d9e0', hill: '#8a3b5c', sun: '#fff', heightPx: 70 },
  { sky: '#1f2a44', hill: '#48608f', sun: '#f4e9b8', heightPx: 54 },
  { sky: '#e5efdc', hill: '#4f7942', sun: '#f0a04b', heightPx: 36 },
  { sky: '#fbe4c9', hill: '#a5562c', sun: '#fff3df', heightPx: 58 },
  { sky: '#d9d3ee', hill: '#5a4a8c', sun: '#fbe38e', heightPx: 48 },
  { sky: '#dff1ee', hill: '#12836f', sun: '#ff7a59', heightPx: 66 },
] as const

type Scene = (typeof SCENES)[number]

function draw(pen: CanvasRenderingContext2D, { sky, hill, sun, heightPx }: Scene): void {
  pen.fillStyle = sky
  pen.fillRect(0, 0, SIZE_PX, SIZE_PX)
  pen.fillStyle = sun
  pen.beginPath()
  pen.arc(SIZE_PX * 0.68, SIZE_PX * 0.34, 17, 0, 2 * Math.PI)
  pen.fill()
  pen.fillStyle = hill
  pen.beginPath()
  pen.moveTo(0, SIZE_PX)
  pen.bezierCurveTo(
    SIZE_PX * 0.2,
    SIZE_PX - heightPx * 1.6,
    SIZE_PX * 0.5,
    SIZE_PX - heightPx,
    SIZE_PX,
    SIZE_PX - heightPx * 0.5,
  )
  pen.lineTo(SIZE_PX, SIZE_PX)
  pen.fill()
}

async function paint(scene: Scene): Promise<PaintedAvatar> {
  const canvas = new OffscreenCanvas(SIZE_PX, SIZE_PX)
  const pen = canvas.getContext('2d')
  if (pen) draw(pen as unknown as CanvasRenderingContext2D, scene)
  const blob = await canvas.convertToBlob({ type: 'image/png' })
  return { bytes: new Uint8Array(await blob.arrayBuffer()), url: URL.createObjectURL(blob) }
}

let painted: Promise<PaintedAvatar[]> | undefined

/** The pictures that this phone offers; painted once. */
export function paintAvatars(): Promise<PaintedAvatar[]> {
  painted ??= Promise.all(SCENES.map(paint))
  return painted
}
