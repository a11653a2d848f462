/**
 * Preloaded into dependency-cruiser (`node --import`): gives it TypeScript 6 to parse with, since TypeScript 7
 * has no programming interface yet. Without a parser for .ts it would find no module, and nothing wrong.
 * To be removed when dependency-cruiser supports TypeScript 7.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.replace(/^typescript(?=\/|$)/, 'typescript-6'), context),
});
