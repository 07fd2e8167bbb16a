import { defineTexts } from './language.js'

/** Why something did not go, and what helps. */
export const errorTexts = defineTexts({
  'zh-CN': {
    other: (code: string) => `没有成功（${code}）。请重试；仍不行，请把括号里的代码告诉对方。`,
    refused: {
      fetch_failed: '连不上对方，请检查网络后重试。',
      fetch_timeout: '对方没有及时回应，请稍后重试。',
      fetch_blocked: '这个地址不能访问：只允许 https 的公开地址。',
      offer_malformed: '这不是有效的领取链接，请向签发机构重新要一个。',
      offer_declined: '您没有同意，什么也没有发出。',
      offer_unsupported: '这里没有本凭证夹能保存的凭证。',
      tx_code_missing: '需要领取码。',
      grant_refused: '领取码不对、已用过或已过期，请向签发机构重新要一个。',
      issuer_refused: '签发机构拒绝了。',
      issuer_answer: '签发机构的回答不合规范，请联系签发机构。',
      trust_missing: '取不到信任名单，无法核对凭证，请检查网络后重试。',
      trust_list_expired: '信任名单已过期，请联网后重试。',
      query_unanswered: '凭证夹里没有对方要的内容。',
      copies_used_up: '这种凭证已用完，联网后会自动补充。',
      consent_refused: '您拒绝了，对方只知道没有得到回答。',
      answer_undelivered: '回答没有送到对方，请重试。',
      answer_refused: '对方没有接受这次回答。',
      request_unavailable: '取不到对方的请求，可能已过期，请在对方页面重新开始。',
      request_expired: '对方的请求已过期，请在对方页面重新开始。',
    },
  },
  en: {
    other: (code: string) =>
      `That did not work (${code}). Try again; if it stays so, tell them the code in brackets.`,
    refused: {
      fetch_failed: 'They cannot be reached: look at your network and try again.',
      fetch_timeout: 'They did not answer in time: try again later.',
      fetch_blocked: 'That address may not be asked: only public https addresses are.',
      offer_malformed: 'This is no offer: ask the issuer for a new link.',
      offer_declined: 'You did not agree, so nothing was sent.',
      offer_unsupported: 'There is no certificate in it that this wallet can hold.',
      tx_code_missing: 'The code is missing.',
      grant_refused: 'The code is wrong, used or too old: ask the issuer for a new one.',
      issuer_refused: 'The issuer refused.',
      issuer_answer: 'The issuer does not answer as it should: ask them.',
      trust_missing: 'Without a trust list nothing can be checked: look at your network.',
      trust_list_expired: 'The trust list has ended: connect to a network and try again.',
      query_unanswered: 'Nothing in this wallet answers that.',
      copies_used_up: 'All copies are used up: more come with a network.',
      consent_refused: 'You said no; all they know is that nothing came.',
      answer_undelivered: 'The answer did not reach them: try again.',
      answer_refused: 'They did not take the answer.',
      request_unavailable:
        'Their request is not to be had, maybe too old: start again on their page.',
      request_expired: 'Their request is too old: start again on their page.',
    },
  },
})
