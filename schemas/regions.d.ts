/**
 * Regions by their codes, as `residence_region` has them (ISO 3166-2:CN): the name in Chinese, and in
 * English.
 */
export declare const regionNames: Readonly<Record<string, readonly [zh: string, en: string]>>
