import { failWith, type Outcome, twoStyles, type WxResult } from '../../lib/wx/callbacks.ts'
import { extensionOf } from '../../lib/wx/files.ts'
import { showPictures } from '../chrome/picture-preview.ts'
import { okay, type WxParts } from './parts.ts'
import { pickFiles } from './pick-files.ts'
import { resourceUrl } from './resources.ts'

interface TempFile {
  tempFilePath: string
  size: number
  fileType: 'image' | 'video'
}

async function keep({ base }: WxParts, file: File): Promise<TempFile> {
  const extension = extensionOf(file.name) || file.type.split('/')[1] || ''
  const bytes = new Uint8Array(await file.arrayBuffer())
  const fileType = file.type.startsWith('video/') ? 'video' : 'image'
  return { tempFilePath: base.phone.addTempFile(bytes, extension), size: file.size, fileType }
}

type Choice = { count?: number; mediaType?: string[] }

/** Files of this computer in the place of an album; undefined where the user closed the window. */
export async function choosePictures(
  parts: WxParts,
  { count = 9, mediaType }: Choice,
): Promise<TempFile[] | undefined> {
  const kinds =
    mediaType?.includes('video') || mediaType?.includes('mix') ? ['image/*', 'video/*'] : ['image/*']
  const files = await pickFiles(kinds.join(), count > 1)
  return files && Promise.all(files.slice(0, count).map((file) => keep(parts, file)))
}

async function chooseImage(parts: WxParts, choice: Choice) {
  const files = await choosePictures(parts, choice)
  if (!files) return failWith<WxResult & ImageChoice>('chooseImage', 'cancel')
  const tempFiles = files.map(({ tempFilePath, size }) => ({ path: tempFilePath, size }))
  return okay('chooseImage', { tempFilePaths: files.map((file) => file.tempFilePath), tempFiles })
}

type ImageChoice = { tempFilePaths: string[]; tempFiles: { path: string; size: number }[] }
type MediaChoice = { tempFiles: TempFile[]; type: 'image' | 'video' | 'mix' }

async function chooseMedia(parts: WxParts, choice: Choice): Promise<Outcome<WxResult & MediaChoice>> {
  const tempFiles = await choosePictures(parts, choice)
  if (!tempFiles) return failWith('chooseMedia', 'cancel')
  const isVideo = tempFiles.every((file) => file.fileType === 'video')
  return okay('chooseMedia', { tempFiles, type: isVideo ? 'video' : 'image' })
}

type ImageInfo = { width: number; height: number; path: string; orientation: 'up'; type: string }

async function readImage(parts: WxParts, src: string): Promise<Outcome<WxResult & ImageInfo>> {
  const picture = new Image()
  picture.src = resourceUrl(parts, String(src), parts.stack.top?.route.path ?? '')
  try {
    await picture.decode()
  } catch {
    return failWith('getImageInfo', `file not found or no image: ${src}`)
  }
  const { naturalWidth: width, naturalHeight: height } = picture
  const type = extensionOf(src.split(/[?#]/)[0] ?? '') || 'unknown'
  return okay('getImageInfo', { width, height, path: src, orientation: 'up', type })
}

type Preview = { urls: string[]; current?: string | number }

/** Pictures: to choose, to show, to ask about. */
export function mediaApi(parts: WxParts) {
  const { host, stack, handset } = parts
  const from = () => stack.top?.route.path ?? ''
  const preview = (urls: readonly string[], current: string | number | undefined) => {
    const index = typeof current === 'number' ? current : Math.max(0, urls.indexOf(current ?? ''))
    showPictures(
      handset.words,
      urls.map((url) => resourceUrl(parts, url, from())),
      index,
    )
  }
  return {
    chooseImage: twoStyles<WxResult & ImageChoice, Choice>(host, (options) => chooseImage(parts, options)),
    chooseMedia: twoStyles<WxResult & MediaChoice, Choice>(host, (options) => chooseMedia(parts, options)),
    getImageInfo: twoStyles<WxResult & ImageInfo, { src: string }>(host, ({ src }) => readImage(parts, src)),
    previewImage: twoStyles<WxResult, Preview>(host, async ({ urls, current }) => {
      if (!Array.isArray(urls) || urls.length === 0)
        return failWith('previewImage', 'parameter error: urls is empty')
      preview(urls.map(String), current)
      return okay('previewImage', {})
    }),
    previewMedia: twoStyles<WxResult, { sources: { url: string }[]; current?: number }>(
      host,
      async ({ sources, current }) => {
        preview(
          sources.map(({ url }) => url),
          current,
        )
        return okay('previewMedia', {})
      },
    ),
  }
}
