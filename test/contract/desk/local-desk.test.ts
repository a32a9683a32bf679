import { SHORT_BOOK } from '../../fixture/short-book.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { deskContract } from './desk-contract.ts';
import { openLocalHome } from './local-home.ts';

const folder = scratchFolder();

deskContract('one machine', () => openLocalHome(folder, SHORT_BOOK));
