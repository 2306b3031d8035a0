/** The ways in which a receiver treats what it is sent, whether it is played in process or over HTTP. */
export const RECEIVER_FAULTS = [
  'works',
  'hangs',
  'resets',
  'throttles',
  'fails',
  'redirects',
  'is_gone',
  'answers_html',
  'takes_and_drops',
] as const;
export type ReceiverFault = (typeof RECEIVER_FAULTS)[number];
