/** Tags that mean something to the template language itself. */
export const TEMPLATE_TAGS: ReadonlySet<string> = new Set([
  'block',
  'import',
  'include',
  'slot',
  'template',
  'wxs',
])

/** How much of a component this phone has: a placeholder is a box with its name. */
export type Support = 'full' | 'partial' | 'placeholder'

export interface BuiltInTag {
  support: Support
  /** Those of its own; `hidden`, `role` and `aria-*` go with every tag. */
  attributes: readonly string[]
  /** What a partial one lacks. */
  lacks: string
}

function tag(support: Support, attributes: string, lacks = ''): BuiltInTag {
  return { support, attributes: attributes.split(' ').filter(Boolean), lacks }
}

const full = (attributes = ''): BuiltInTag => tag('full', attributes)

const partial = (attributes: string, lacks: string): BuiltInTag => tag('partial', attributes, lacks)

const placeholder = (attributes = ''): BuiltInTag => tag('placeholder', attributes)

/** WeChat's own components: what a page may use without naming it in usingComponents, and what of it is here. */
export const BUILT_INS: Readonly<Record<string, BuiltInTag>> = {
  ad: placeholder('unit-id ad-intervals ad-type ad-theme'),
  'ad-custom': placeholder('unit-id ad-intervals'),
  audio: placeholder('id src loop controls poster name author'),
  button: partial(
    'size type plain disabled loading form-type name open-type lang session-from send-message-title send-message-path send-message-img show-message-card app-parameter business-id phone-number-no-quota-toast need-show-entrance entrance-path hover-class hover-stop-propagation hover-start-time hover-stay-time',
    'open-type getRealtimePhoneNumber, and what lies outside the mini program: contact, feedback and launchApp say what would happen',
  ),
  camera: placeholder('mode resolution device-position flash frame-size'),
  canvas: placeholder('type canvas-id disable-scroll'),
  'channel-live': placeholder('feed-id finder-user-name'),
  'channel-video': placeholder('feed-id finder-user-name autoplay loop muted object-fit feed-token'),
  checkbox: full(
    'value disabled checked color background-color border-color active-background-color active-border-color',
  ),
  'checkbox-group': full('name'),
  'cover-image': partial('src referrer-policy', 'lying over native components, of which there are none'),
  'cover-view': partial(
    'scroll-top hover-class hover-stop-propagation hover-start-time hover-stay-time',
    'lying over native components, of which there are none',
  ),
  'double-tap-gesture-handler': placeholder('tag worklet'),
  'draggable-sheet': placeholder(),
  editor: placeholder('read-only placeholder show-img-size show-img-toolbar show-img-resize'),
  'editor-portal': placeholder(),
  form: partial(
    'report-submit report-submit-timeout',
    'bindsubmitToGroup; formId is empty, as it is in WeChat today',
  ),
  'functional-page-navigator': placeholder('version name args'),
  'grid-builder': placeholder('type list child-count cross-axis-count'),
  'grid-view': placeholder('type cross-axis-count'),
  'horizontal-drag-gesture-handler': placeholder('tag'),
  icon: full('type size color'),
  image: partial(
    'src mode lazy-load webp fade-in show-menu-by-longpress force-https',
    'show-menu-by-longpress; cloud file ids',
  ),
  input: partial(
    'value name placeholder placeholder-style placeholder-class disabled maxlength focus auto-focus cursor-spacing cursor cursor-color selection-start selection-end adjust-position hold-keyboard confirm-hold confirm-type type password always-embed safe-password-cert-path safe-password-length safe-password-time-stamp safe-password-nonce safe-password-salt safe-password-custom-hash',
    'the on-screen keyboard (its height is 0), and the encryption of safe-password',
  ),
  'keyboard-accessory': placeholder(),
  label: full('for'),
  'list-builder': placeholder('type list child-count'),
  'list-view': placeholder('padding'),
  'live-player': placeholder(
    'src mode autoplay muted orientation object-fit background-mute min-cache max-cache',
  ),
  'live-pusher': placeholder('url mode autopush muted enable-camera'),
  'long-press-gesture-handler': placeholder('tag'),
  map: placeholder(
    'longitude latitude scale min-scale max-scale markers covers polyline circles controls include-points show-location polygons subkey layer-style show-compass show-scale enable-zoom enable-scroll enable-rotate setting',
  ),
  'match-media': full('min-width max-width width min-height max-height height orientation'),
  'movable-area': partial('scale-area', 'scale-area: two fingers do not scale'),
  'movable-view': partial(
    'direction inertia out-of-bounds x y damping friction disabled scale scale-min scale-max scale-value animation',
    'inertia, damping and friction; scaling by two fingers',
  ),
  'native-component': placeholder(),
  'navigation-bar': partial(
    'title loading front-color background-color color-animation-duration color-animation-timing-func',
    'the animation of its colours',
  ),
  navigator: partial(
    'target url open-type delta app-id path extra-data version short-link hover-class hover-stop-propagation hover-start-time hover-stay-time',
    'other mini programs: target="miniProgram"',
  ),
  'nested-scroll-body': placeholder(),
  'nested-scroll-header': placeholder(),
  'official-account': placeholder(),
  'official-account-publish': placeholder(),
  'open-container': placeholder(),
  'open-data': placeholder('type open-gid lang default-text default-avatar open-id'),
  'open-data-item': placeholder('type index'),
  'open-data-list': placeholder('type'),
  'page-container': partial(
    'show duration z-index overlay position round close-on-slide-down overlay-style custom-style',
    'closing by the back button or by sliding down',
  ),
  'page-meta': partial(
    'background-text-style background-color background-color-top background-color-bottom root-background-color scroll-top scroll-duration page-style root-font-size page-font-size page-orientation',
    'page-orientation, and the events of scrolling',
  ),
  'pan-gesture-handler': placeholder('tag'),
  picker: partial(
    'mode name range range-key value start end fields level custom-item header-text disabled',
    'mode="region" has a sample of regions, and no level="sub-district"',
  ),
  'picker-view': full('value name indicator-style indicator-class mask-style mask-class immediate-change'),
  'picker-view-column': full(),
  progress: full(
    'percent show-info border-radius font-size stroke-width color active-color background-color active active-mode duration',
  ),
  radio: full(
    'value disabled checked color background-color border-color active-background-color active-border-color',
  ),
  'radio-group': full('name'),
  'rich-text': partial(
    'nodes space user-select mode',
    'mode="aggressive", and links and pictures that answer to a touch',
  ),
  'root-portal': partial(
    'enable',
    'it stays in its place of the tree: a parent with a transform still moves it',
  ),
  'scale-gesture-handler': placeholder('tag'),
  'scroll-view': partial(
    'scroll-x scroll-y upper-threshold lower-threshold scroll-top scroll-left scroll-into-view scroll-into-view-offset scroll-with-animation enable-back-to-top enable-flex enable-passive scroll-anchoring enhanced bounces show-scrollbar paging-enabled fast-deceleration using-sticky type refresher-enabled refresher-threshold refresher-default-style refresher-background refresher-triggered',
    'a slot for the refresher, drag events, and what only Skyline draws',
  ),
  selection: placeholder(),
  'share-element': placeholder('key transform duration easing-function'),
  slider: full(
    'name min max step disabled value color selected-color active-color background-color block-size block-color show-value',
  ),
  snapshot: placeholder('mode'),
  span: placeholder(),
  'sticky-header': placeholder('offset-top padding'),
  'sticky-section': placeholder('push-pinned-header padding'),
  'store-coupon': placeholder(),
  'store-gift': placeholder(),
  'store-home': placeholder('appid'),
  'store-product': placeholder('appid product-id'),
  swiper: partial(
    'indicator-dots indicator-color indicator-active-color autoplay current current-item-id interval duration circular vertical previous-margin next-margin snap-to-edge display-multiple-items easing-function cache-extent',
    'snap-to-edge, and what only Skyline draws',
  ),
  'swiper-item': full('item-id skip-hidden-item-layout'),
  switch: full('name checked disabled type color'),
  'tap-gesture-handler': placeholder('tag'),
  text: partial(
    'selectable user-select space decode overflow max-lines',
    'entities in the template itself are decoded with or without decode',
  ),
  textarea: partial(
    'value name placeholder placeholder-style placeholder-class disabled maxlength focus auto-focus cursor-spacing cursor cursor-color selection-start selection-end adjust-position hold-keyboard confirm-hold confirm-type auto-height fixed show-confirm-bar disable-default-padding',
    'the on-screen keyboard and its bar',
  ),
  'vertical-drag-gesture-handler': placeholder('tag'),
  video: placeholder(
    'src duration controls danmu-list danmu-btn enable-danmu autoplay loop muted initial-time page-gesture direction show-progress show-fullscreen-btn show-play-btn show-center-play-btn enable-progress-gesture object-fit poster title',
  ),
  view: full('hover-class hover-stop-propagation hover-start-time hover-stay-time'),
  'voip-room': placeholder('openid mode device-position'),
  'web-view': placeholder('src'),
  'xr-scene': placeholder('disable-scroll'),
}

/** Tags of WeChat's own components that a page may use without naming them in usingComponents. */
export const BUILT_IN_TAGS: ReadonlySet<string> = new Set(Object.keys(BUILT_INS))
