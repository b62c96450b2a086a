import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express'
import multer, { MulterError } from 'multer'
import { requireUser } from 'yaopai/express'
import { Avatars, type Picture, pictureIn } from './avatars.ts'
import { callerOf } from './caller.ts'
import { refuse } from './refusal.ts'

const FIELD = 'avatar'
const MAX_PICTURE_BYTES = 2 * 1024 * 1024

/**
 * `POST /avatar`, as `wx.uploadFile` sends it (multipart, one file named `avatar`), and `GET /avatars/{id}`.
 * @param publicUrl where clients reach this back end, without a `/` at its end
 */
export function avatarRoutes(publicUrl: string): Router {
  const avatars = new Avatars()
  const router = Router()

  // Who calls is known before a byte of the picture is read.
  router.post(
    '/avatar',
    requireUser(),
    receivePicture,
    refuseBadUpload,
    (request: Request, response: Response) => {
      if (!request.is('multipart/form-data')) return refuse(response, 'unsupported_media_type')
      if (!request.file) return refuse(response, 'invalid_request', FIELD)
      const picture = pictureIn(request.file.buffer)
      if (!picture) return refuse(response, 'unsupported_media_type', FIELD)
      const id = avatars.put(callerOf(request).user.id, picture)
      response.status(201).json({ avatarUrl: `${publicUrl}/avatars/${id}` })
    },
  )

  // Open to all: <image> sends no token. The id cannot be guessed.
  router.get('/avatars/:id', (request, response) => {
    const picture = avatars.get(request.params.id)
    if (!picture) return refuse(response, 'not_found')
    send(response, picture)
  })
  return router
}

const receivePicture: RequestHandler = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: MAX_PICTURE_BYTES, files: 1, fields: 0, parts: 1, headerPairs: 10 },
}).single(FIELD)

/** Whatever is wrong with an upload is the client's fault; multer says what. */
const refuseBadUpload: ErrorRequestHandler = (error, _request, response, _next) => {
  const isTooLarge = error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE'
  refuse(response, isTooLarge ? 'payload_too_large' : 'invalid_request', FIELD)
}

/** A picture and nothing else, whatever a browser would like to see in it. */
function send(response: Response, { type, bytes }: Picture): void {
  response
    .set('X-Content-Type-Options', 'nosniff')
    .set('Content-Security-Policy', "default-src 'none'; sandbox")
    .set('Cache-Control', 'private, max-age=86400')
    .type(type)
    .send(bytes)
}
