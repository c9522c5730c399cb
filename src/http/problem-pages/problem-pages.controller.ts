import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problem.js';
import { CODES, describeProblem, problemIndex, problemPage } from './page.js';

/** What the `type` of a problem document leads to: HTML, or JSON for who asks for it. */
@ApiExcludeController()
@Controller('problems')
export class ProblemPagesController {
  @Get()
  index(@Req() request: FastifyRequest, @Res() reply: FastifyReply): FastifyReply {
    if (wantsJson(request)) return reply.send(CODES.map(describeProblem));
    return html(reply, problemIndex());
  }

  /** Raises Problem `not_found` for a code that is none. */
  @Get(':code')
  problem(
    @Param('code') given: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): FastifyReply {
    const code = CODES.find((each) => each === given);
    if (!code) throw new Problem('not_found');
    return wantsJson(request) ? reply.send(describeProblem(code)) : html(reply, problemPage(code));
  }
}

function wantsJson({ headers: { accept = '' } }: FastifyRequest): boolean {
  return /\bapplication\/(json|problem\+json)\b/.test(accept) && !accept.includes('text/html');
}

function html(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('vary', 'Accept').send(page);
}
