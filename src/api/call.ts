/** The types of one call, derived from the table: what a caller gives, what a handler gets and answers. */
import type { z } from 'zod';
import type { Operation } from './operation.ts';
import type { OPERATIONS, OperationName } from './operations.ts';

type Table = typeof OPERATIONS;

type Out<S> = S extends z.ZodType ? z.output<S> : undefined;
type In<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler gets: validated, defaults filled in. */
export interface Input<N extends OperationName> {
  readonly params: Out<Table[N]['params']>;
  readonly query: Out<Table[N]['query']>;
  readonly body: Out<Table[N]['body']>;
}

/** A good answer: its status, and the body that belongs to it. */
export type Answer<N extends OperationName> = {
  [S in keyof Table[N]['responses']]: {
    readonly status: S;
    readonly body: Out<Table[N]['responses'][S]>;
  };
}[keyof Table[N]['responses']];

/** What a caller gives: only what has no default is needed. */
export type Request<N extends OperationName> = NeededParams<Table[N]> &
  NeededBody<In<Table[N]['body']>> & { readonly query?: Partial<Out<Table[N]['query']>> };

/** An object without a declared field has the type `Record<string, never>`. */
type NeededParams<O extends Operation> = string extends keyof Out<O['params']>
  ? { readonly params?: undefined }
  : { readonly params: Out<O['params']> };

type NeededBody<B> = [B] extends [undefined]
  ? { readonly body?: undefined }
  : string extends keyof B
    ? { readonly body?: B }
    : Partial<B> extends B
      ? { readonly body?: B }
      : { readonly body: B };
