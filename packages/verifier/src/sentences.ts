import { accountSentences } from './account-refusals.js'
import { packSentences } from './offline-pack/pack-refusals.js'
import type { RefusalKind } from './refusals.js'
import { refusalKindOf } from './refusals.js'

/** The languages refusals are told in. */
export type Language = 'zh-CN' | 'en'

/** What happened and what to do about it; fixed text, nothing of the certificate in it. */
export type Sentence = { readonly what: string; readonly cure: string }

/** The sentences for the code of an error; for an unknown code those of a fault. */
export function sentenceFor(code: string, language: Language): Sentence {
  return sentences[refusalKindOf(code)][language]
}

const sentences: Readonly<Record<RefusalKind, Readonly<Record<Language, Sentence>>>> = {
  ...accountSentences,
  ...packSentences,
  unreadable: {
    en: {
      what: 'This is not a readable presentation.',
      cure: 'Present again; if it stays, update the wallet.',
    },
    'zh-CN': { what: '无法读取所出示的凭证。', cure: '请重新出示；如仍失败，请更新凭证夹。' },
  },
  altered: {
    en: {
      what: 'The certificate was altered after it was issued or presented.',
      cure: 'Present again from the wallet itself.',
    },
    'zh-CN': { what: '凭证在签发或出示之后被改动。', cure: '请直接从凭证夹重新出示。' },
  },
  issuer_untrusted: {
    en: {
      what: 'The certificate does not come from an issuer on the trust list.',
      cure: 'Use a certificate of a listed issuer, or update the published lists.',
    },
    'zh-CN': {
      what: '凭证的签发机构不在信任列表中。',
      cure: '请使用列表内机构签发的凭证，或更新已发布的列表。',
    },
  },
  certificate_unusable: {
    en: {
      what: 'The certificate does not follow the rules of its type.',
      cure: 'Ask the issuer for a new certificate.',
    },
    'zh-CN': { what: '凭证不符合其类型的规定。', cure: '请向签发机构重新申领凭证。' },
  },
  certificate_expired: {
    en: {
      what: 'The certificate has expired.',
      cure: 'Let the wallet fetch new copies and present again.',
    },
    'zh-CN': { what: '凭证已过期。', cure: '请在凭证夹中领取新的凭证后重新出示。' },
  },
  certificate_revoked: {
    en: {
      what: 'The certificate has been revoked.',
      cure: 'Ask the issuer; other means of verification stay open.',
    },
    'zh-CN': { what: '凭证已被撤销。', cure: '请联系签发机构；也可以使用其他核验方式。' },
  },
  certificate_suspended: {
    en: {
      what: 'The certificate is suspended.',
      cure: 'Its holder can lift the suspension with the issuer.',
    },
    'zh-CN': { what: '凭证已被暂停使用。', cure: '持有人可向签发机构申请恢复。' },
  },
  status_unknown: {
    en: {
      what: 'Whether the certificate was revoked cannot be told.',
      cure: 'Update the published status lists and try again.',
    },
    'zh-CN': { what: '无法确定凭证是否已被撤销。', cure: '请更新已发布的状态列表后重试。' },
  },
  holder_unproven: {
    en: {
      what: 'The presenter did not prove to be the holder.',
      cure: 'Present again from the wallet the certificate was issued to.',
    },
    'zh-CN': { what: '出示者未能证明自己是持有人。', cure: '请用领取该凭证的凭证夹重新出示。' },
  },
  other_audience: {
    en: {
      what: 'This was presented to somebody else.',
      cure: 'Start here again and present to this verifier.',
    },
    'zh-CN': { what: '这份出示是给其他核验方的。', cure: '请在此处重新开始，并向本核验方出示。' },
  },
  other_request: {
    en: {
      what: 'This answers another request.',
      cure: 'Present again to the request that is open now.',
    },
    'zh-CN': { what: '这份出示对应的是另一次请求。', cure: '请对当前的请求重新出示。' },
  },
  presented_too_late: {
    en: {
      what: 'The presentation is too old or dated in the future.',
      cure: 'Present again; check the clock of the device.',
    },
    'zh-CN': { what: '出示时间过早，或晚于当前时间。', cure: '请重新出示，并检查设备时间。' },
  },
  replayed: {
    en: {
      what: 'This presentation was used before.',
      cure: 'Present again; each presentation counts once.',
    },
    'zh-CN': { what: '这份出示已被使用过。', cure: '请重新出示；每次出示只能使用一次。' },
  },
  asked_otherwise: {
    en: {
      what: 'The certificate does not show what was asked.',
      cure: 'Present a certificate that does, or choose another means.',
    },
    'zh-CN': { what: '凭证未能证明所请求的内容。', cure: '请出示符合要求的凭证，或选择其他方式。' },
  },
  query_refused: {
    en: { what: 'The request cannot be made.', cure: 'The platform has to correct its query.' },
    'zh-CN': { what: '无法发起该请求。', cure: '请平台更正其查询内容。' },
  },
  asked_too_much: {
    en: {
      what: 'The platform asks for more than it is accredited for.',
      cure: 'The platform has to ask for less, or be accredited for it.',
    },
    'zh-CN': {
      what: '该请求超出了平台获准的范围。',
      cure: '请平台减少所请求的内容，或先取得相应的准入。',
    },
  },
  number_unproven: {
    en: {
      what: 'The platform number was not proven for this platform.',
      cure: 'Present the copy that was made for this platform.',
    },
    'zh-CN': {
      what: '未能证明该平台号属于本平台。',
      cure: '请出示为本平台领取的凭证。',
    },
  },
  other_minor: {
    en: {
      what: 'The consent is not for this act, or not from a guardian of this minor.',
      cure: 'Have a guardian of the minor open the link of this act and choose this child.',
    },
    'zh-CN': {
      what: '该同意不适用于此行为，或并非由该未成年人的监护人作出。',
      cure: '请由该未成年人的监护人打开本次链接，并选择对应的孩子。',
    },
  },
  other_person: {
    en: {
      what: 'The certificate belongs to somebody else than this account.',
      cure: 'The owner of the account has to present their own certificate.',
    },
    'zh-CN': {
      what: '所出示的凭证不属于该账户的持有人。',
      cure: '请由账户本人出示自己的凭证。',
    },
  },
  presence_outdated: {
    en: {
      what: 'No recent presence check was proven.',
      cure: 'Pass a presence check with the issuer, fetch a new copy and present it at once.',
    },
    'zh-CN': {
      what: '未能证明近期通过了本人在场核验。',
      cure: '请在签发机构完成本人在场核验，领取新的凭证后立即出示。',
    },
  },
  session_gone: {
    en: { what: 'The session has ended or never existed.', cure: 'Start again.' },
    'zh-CN': { what: '会话已结束或不存在。', cure: '请重新开始。' },
  },
  session_used: {
    en: { what: 'The session already had its one response.', cure: 'Start again.' },
    'zh-CN': { what: '该会话已收到过一次回应。', cure: '请重新开始。' },
  },
  busy: {
    en: { what: 'Too much is going on at the moment.', cure: 'Try again in a few seconds.' },
    'zh-CN': { what: '当前请求过多。', cure: '请稍后几秒再试。' },
  },
  lists_outdated: {
    en: {
      what: 'The published lists are missing, out of date or not signed by the pinned root.',
      cure: 'Operator: update the folder of published lists.',
    },
    'zh-CN': {
      what: '已发布的列表缺失、过期，或并非来自指定的信任根。',
      cure: '请运营人员更新已发布列表的文件夹。',
    },
  },
  clock_wrong: {
    en: {
      what: 'The clock here is behind the newest published list.',
      cure: 'Operator: set the clock.',
    },
    'zh-CN': { what: '本机时间早于最新发布的列表。', cure: '请运营人员校准时间。' },
  },
  request_unreadable: {
    en: {
      what: 'The request is not what this address takes.',
      cure: 'Send a JSON object as the manual describes.',
    },
    'zh-CN': { what: '请求格式不正确。', cure: '请按照手册发送 JSON 对象。' },
  },
  request_too_large: {
    en: { what: 'The request is larger than its bound.', cure: 'Send less.' },
    'zh-CN': { what: '请求超过允许的大小。', cure: '请减少发送的内容。' },
  },
  too_many_requests: {
    en: { what: 'Too many requests came from this address.', cure: 'Wait a minute and try again.' },
    'zh-CN': { what: '来自该地址的请求过多。', cure: '请稍等一分钟后再试。' },
  },
  waiting: {
    en: { what: 'The wallet has not answered yet.', cure: 'Answer in the wallet first.' },
    'zh-CN': { what: '凭证夹尚未作出回应。', cure: '请先在凭证夹中完成操作。' },
  },
  not_yours: {
    en: {
      what: 'The result belongs to another browser session.',
      cure: 'Go on in the browser that started, or start again.',
    },
    'zh-CN': { what: '该结果属于另一个浏览器会话。', cure: '请在最初的浏览器中继续，或重新开始。' },
  },
  declined: {
    en: {
      what: 'The wallet presented nothing.',
      cure: 'Try again, or choose another means of verification.',
    },
    'zh-CN': { what: '凭证夹没有出示凭证。', cure: '请重试，或选择其他核验方式。' },
  },
  fault: {
    en: {
      what: 'Something failed on this side.',
      cure: 'Try again; the operator finds the cause under the id of this answer.',
    },
    'zh-CN': { what: '本方发生故障。', cure: '请重试；运营人员可凭本次回应的编号查找原因。' },
  },
}
