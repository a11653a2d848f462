import grpc from '@grpc/grpc-js';
import { type Failure, failure } from '../wire/failures.ts';

const groupFailure = (
  code: grpc.status,
  exception: string,
  details: string,
  stream: string,
  group: string,
): Failure => failure(code, details, { exception, 'stream-name': stream, 'group-name': group });

export const groupMissing = (stream: string, group: string): Failure =>
  groupFailure(
    grpc.status.NOT_FOUND,
    'persistent-subscription-does-not-exist',
    `Subscription group ${group} on stream ${stream} does not exist.`,
    stream,
    group,
  );

export const groupExists = (stream: string, group: string): Failure =>
  groupFailure(
    grpc.status.ALREADY_EXISTS,
    'persistent-subscription-exists',
    `Subscription group ${group} on stream ${stream} exists.`,
    stream,
    group,
  );

export const groupDropped = (stream: string, group: string): Failure =>
  groupFailure(
    grpc.status.CANCELLED,
    'persistent-subscription-dropped',
    `Subscription group ${group} on stream ${stream} was dropped.`,
    stream,
    group,
  );

export const groupFull = (stream: string, group: string): Failure =>
  groupFailure(
    grpc.status.FAILED_PRECONDITION,
    'maximum-subscribers-reached',
    `Maximum subscriptions reached for subscription group ${group} on stream ${stream}.`,
    stream,
    group,
  );
