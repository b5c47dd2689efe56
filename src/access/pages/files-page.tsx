// The files behind a link, folder by folder and page by page, with what each folder holds.

import type { VNode } from 'preact';
import type { DeliveryFacts } from '../../deliveries/index.js';
import type { Words } from '../../language/index.js';
import { type PageWords, renderPage } from '../../views/index.js';
import type { FolderPage } from '../tree/file-tree.service.js';

interface ListingParts extends PageWords {
  token: string;
  tree: FolderPage;
}

const filesAddress = (token: string, query: string, parameters: Record<string, string>): string => {
  const all = new URLSearchParams({ ...parameters, ...Object.fromEntries(new URLSearchParams(query)) }).toString();
  return `/s/${token}/files${all === '' ? '' : `?${all}`}`;
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const holds = (words: Words, { files, bytes }: { files: number; bytes: number }): string =>
  words.say('data.sizeValue', { size: words.bytes(bytes), files: words.files(files) });

export const Listing = ({ words, query, token, tree }: ListingParts): VNode => {
  const { folder, folders, files, next } = tree;
  if (folders.length + files.length === 0) return <p>{words.say('files.empty')}</p>;
  return (
    <>
      <table>
        <caption>{holds(words, folder)}</caption>
        <thead>
          <tr>
            <th scope="col">{words.say('files.name')}</th>
            {folders.length > 0 ? (
              <th scope="col" class="number">
                {words.say('files.count')}
              </th>
            ) : null}
            <th scope="col" class="number">
              {words.say('data.size')}
            </th>
          </tr>
        </thead>
        <tbody>
          {folders.map((one) => (
            <tr key={one.number}>
              <td>
                <a href={filesAddress(token, query, { path: one.path })}>{nameOf(one.path)}/</a>
              </td>
              <td class="number">{words.files(one.files)}</td>
              <td class="number">{words.bytes(one.bytes)}</td>
            </tr>
          ))}
          {files.map((file) => (
            <tr key={file.line}>
              <td>{nameOf(file.path)}</td>
              {folders.length > 0 ? <td class="number" /> : null}
              <td class="number">{words.bytes(file.size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {next === null ? null : (
        <p class="screen">
          <a rel="next" href={filesAddress(token, query, { ...pathOf(folder.path), after: next })}>
            {words.say('files.more')}
          </a>
        </p>
      )}
    </>
  );
};

const pathOf = (path: string): Record<string, string> => (path === '' ? {} : { path });

export interface FilesPage extends ListingParts {
  facts: DeliveryFacts;
  /** Where this page begins; nothing on the first. */
  after: string | undefined;
}

export const filesPage = (page: FilesPage): string => {
  const { words, query, token, tree, facts, after } = page;
  const { path } = tree.folder;
  const title = words.say('files.title', { folder: path === '' ? facts.folder : `${facts.folder}/${path}` });
  return renderPage({
    words,
    title,
    parameters: { ...pathOf(path), ...(after === undefined ? {} : { after }) },
    children: (
      <>
        <h1>{title}</h1>
        <Trail page={page} />
        {after === undefined ? null : (
          <p>
            <a href={filesAddress(token, query, pathOf(path))}>{words.say('files.first')}</a>
          </p>
        )}
        <Listing words={words} query={query} token={token} tree={tree} />
        <p>
          <a href={`/s/${token}${query}`}>{words.say('page.back')}</a>
        </p>
      </>
    ),
  });
};

/** The folders above, each a link. */
const Trail = ({ page: { words, query, token, tree, facts } }: { page: FilesPage }): VNode => {
  const names = tree.folder.path === '' ? [] : tree.folder.path.split('/');
  const steps = [facts.folder, ...names].map((name, depth) => ({ name, path: names.slice(0, depth).join('/') }));
  return (
    <nav class="trail" aria-label={words.say('files.trail')}>
      <ol>
        {steps.map(({ name, path }, depth) => (
          <li key={path}>
            {depth === steps.length - 1 ? (
              <span aria-current="page">{name}</span>
            ) : (
              <a href={filesAddress(token, query, pathOf(path))}>{name}</a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
};
